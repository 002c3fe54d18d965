// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>

#include "bus/codec.hpp"
#include "bus/outbox.hpp"
#include "bus_lab.hpp"
#include "nats_client.hpp"
#include "support/bus_samples.hpp"

using namespace vigie;
using namespace vigie::bus;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

/// Lets nothing through while closed, so that the test decides when the outbox may try again.
class gated_bus final : public vigie::bus::bus {
 public:
  explicit gated_bus(bus& inner) : inner_{inner} {}
  void open(bool is_open) { is_open_ = is_open; }
  result<void> publish(std::string_view s, std::string_view b) override {
    return inner_.publish(s, b);
  }
  result<void> publish_confirmed(std::span<const outgoing> batch,
                                 std::chrono::milliseconds wait) override {
    if (!is_open_) return fail(errc::bus_down, "the gate is closed");
    return inner_.publish_confirmed(batch, wait);
  }
  result<void> serve_requests(request_handler h) override {
    return inner_.serve_requests(std::move(h));
  }
  void watch_link(link_handler h) override { inner_.watch_link(std::move(h)); }
  link_state link() const override { return inner_.link(); }

 private:
  bus& inner_;
  std::atomic<bool> is_open_ = true;
};

void post(outbox& box, int first, int last) {
  for (int n = first; n <= last; ++n) {
    auto e = test::sample_event();
    e.id = "e-" + std::to_string(n);
    REQUIRE(box.post(e));
  }
}

std::set<std::string> ids_in(const std::vector<test::nats_client::received>& all) {
  std::set<std::string> ids;
  for (const auto& r : all)
    if (auto e = decode<event_message>(r.body)) ids.insert(e->id);
  return ids;
}

}  // namespace

TEST_CASE("nats bus: a server that freezes is noticed within 4 s and used again after it thaws") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  test::nats_client reader{lab.server->url(), "vigie", lab.server->vigie_password().reveal()};
  reader.subscribe(std::string{subject::all_states});

  const auto frozen_at = steady::now();
  test::freeze(lab.server->process_id());
  const std::vector<outgoing> lost{{"vigie.v1.state.a.b.lost", "{}"}};
  CHECK(node->publish_confirmed(lost, 300ms).error().code == errc::bus_down);
  REQUIRE(link.wait(link_state::disconnected, 5s));
  CHECK(test::seconds_since(frozen_at) <= 4.0);
  CHECK(node->publish("vigie.v1.state.a.b.c", "{}").error().code == errc::bus_down);

  REQUIRE(kill(lab.server->process_id(), SIGCONT) == 0);
  const auto thawed_at = steady::now();
  REQUIRE(link.wait(link_state::connected, 5s));
  MESSAGE("back after ", test::seconds_since(thawed_at), " s");
  CHECK(node->publish("vigie.v1.state.a.b.after", "{}").has_value());
  CHECK(reader.wait([](const auto& all) {
    return !all.empty() && all.back().subject == "vigie.v1.state.a.b.after";
  }));
}

TEST_CASE("managed server: a frozen one is replaced on demand") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  const int first = lab.server->process_id();
  const test::process_watch watch{first};
  test::freeze(first);
  lab.server->replace_frozen();
  REQUIRE(watch.wait_for_end(2s));
  REQUIRE(link.wait(link_state::disconnected));
  REQUIRE(link.wait(link_state::connected));
  CHECK(lab.server->restarts() == 1);
  CHECK(lab.server->process_id() != first);
}

TEST_CASE("outbox: a server frozen and killed in the middle loses no event") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  test::nats_client reader{lab.server->url(), "console", std::string{lab.console_password}};
  reader.subscribe(std::string{subject::all_events});
  const system_clock clock;
  gated_bus gate{*node};
  auto box = outbox::open(lab.folder / "outbox.db", gate, clock,
                          {.batch = 16, .confirm_within = 300ms, .retry_every = 20ms});
  REQUIRE(box.has_value());
  post(**box, 1, 100);
  REQUIRE(reader.wait_for_count(100));

  const int first = lab.server->process_id();
  const test::process_watch watch{first};
  // Frozen, the server takes bytes into its socket and does nothing with them; then it dies with
  // them.
  test::freeze(first);
  post(**box, 101, 200);
  CHECK(node->publish_confirmed({}, 100ms).error().code == errc::bus_down);
  gate.open(false);
  REQUIRE(kill(first, SIGKILL) == 0);
  REQUIRE(watch.wait_for_end(2s));
  post(**box, 201, 300);
  // NATS gives a message to the readers of that moment: ours must be back before the outbox goes
  // on.
  REQUIRE(reader.wait_for_reconnect(1));
  reader.flush();
  gate.open(true);
  REQUIRE(reader.wait([](const auto& all) { return ids_in(all).size() == 300; }));
  CHECK(lab.server->restarts() >= 1);
  CHECK((*box)->counts().refused == 0);
  REQUIRE(link.wait(link_state::connected));
}

TEST_CASE("nats bus: a bus made before its server connects when the server comes, and serves") {
  const auto [port, websocket_port] = test::free_ports();
  auto made = make_nats_bus({.url = "nats://127.0.0.1:" + std::to_string(port),
                             .user = "vigie",
                             .password = secret{"pw0123456789abcdef0"}});
  REQUIRE(made.has_value());
  const auto& node = *made;
  test::link_watch link{*node};
  REQUIRE(node->serve_requests([](const request_address& from, std::string, reply_function reply) {
                reply(from.user);
              })
              .has_value());
  CHECK(node->publish("vigie.v1.state.a.b.c", "{}").error().code == errc::bus_down);
  CHECK(node->publish_confirmed({}, 100ms).error().code == errc::bus_down);
  test::server_lab lab;
  lab.server.reset();
  lab.start(port, websocket_port, "pw");
  REQUIRE(link.wait(link_state::connected));
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  CHECK(console.ask("vigie.v1.request.console.live.open", "{}") == "console");
}

TEST_CASE("nats bus: a refused password is tried again until the server accepts it") {
  test::server_lab lab{"other"};
  auto made = make_nats_bus(
      {.url = lab.server->url(), .user = "vigie", .password = secret{"pw0123456789abcdef0"}});
  REQUIRE(made.has_value());
  test::link_watch link{**made};
  // Long enough for the library to be refused twice and to give up by itself.
  CHECK_FALSE(link.wait(link_state::connected, 1500ms));
  const auto port = static_cast<std::uint16_t>(
      std::stoi(lab.server->url().substr(lab.server->url().rfind(':') + 1)));
  lab.server.reset();
  lab.start(port, static_cast<std::uint16_t>(port + 1), "pw");
  CHECK(link.wait(link_state::connected, 8s));
}

TEST_CASE("managed server: a taken port is a configuration error that names the port") {
  test::server_lab lab;
  const auto port = static_cast<std::uint16_t>(
      std::stoi(lab.server->url().substr(lab.server->url().rfind(':') + 1)));
  const auto second = managed_server::start({.folder = lab.folder / "second",
                                             .port = port,
                                             .websocket_port = test::free_ports().first,
                                             .make_password = [] { return std::string(16, 'p'); }});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == errc::config_invalid);
  CHECK(second.error().detail.find(std::to_string(port)) != std::string::npos);
}

TEST_CASE("managed server: a program that ends at once is told with its last words") {
  test::temporary_folder folder;
  const auto script = folder / "odd-server";
  std::ofstream{script} << "#!/bin/sh\necho 'cannot do this' >&2\nexit 3\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const auto [port, websocket_port] = test::free_ports();
  const auto server = managed_server::start({.binary = script.string(),
                                             .folder = folder / "nats",
                                             .port = port,
                                             .websocket_port = websocket_port,
                                             .make_password = [] { return std::string(16, 'p'); }});
  REQUIRE_FALSE(server.has_value());
  CHECK(server.error().code == errc::child_failed);
  CHECK(server.error().detail.find("exit status 3") != std::string::npos);
  CHECK(server.error().detail.find("cannot do this") != std::string::npos);
}

TEST_CASE("managed server: its end leaves neither process nor zombie nor port") {
  test::server_lab lab;
  const test::process_watch watch{lab.server->process_id()};
  const auto port = static_cast<std::uint16_t>(
      std::stoi(lab.server->url().substr(lab.server->url().rfind(':') + 1)));
  lab.server.reset();
  CHECK(watch.wait_for_end(0ms));
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
  CHECK(is_port_free(port));
}

// Not a test: the victim of the next one, run in a process of its own.
TEST_CASE("victim: starts a server and is killed" * doctest::skip()) {
  const char* folder = std::getenv("VIGIE_VICTIM_FOLDER");
  REQUIRE(folder != nullptr);
  const auto [port, websocket_port] = test::free_ports();
  auto server = managed_server::start({.folder = std::filesystem::path{folder} / "nats",
                                       .port = port,
                                       .websocket_port = websocket_port,
                                       .make_password = [] { return std::string(16, 'p'); }});
  REQUIRE(server.has_value());
  std::ofstream{std::filesystem::path{folder} / "server.pid"} << (*server)->process_id();
  raise(SIGSTOP);
}

TEST_CASE("managed server: dies with a Vigie that is killed by -9") {
  test::temporary_folder folder;
  std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::string choice = "--test-case=victim*";
  std::string no_skip = "--no-skip";
  std::string variable = "VIGIE_VICTIM_FOLDER=" + folder.path().string();
  char* arguments[] = {self.data(), choice.data(), no_skip.data(), nullptr};
  std::vector<char*> environment;
  for (char** e = environ; *e != nullptr; ++e) environment.push_back(*e);
  environment.push_back(variable.data());
  environment.push_back(nullptr);
  pid_t victim = 0;
  REQUIRE(posix_spawn(&victim, self.c_str(), nullptr, nullptr, arguments, environment.data()) == 0);
  int status = 0;
  REQUIRE(waitpid(victim, &status, WUNTRACED) == victim);
  REQUIRE(WIFSTOPPED(status));
  int server = 0;
  std::ifstream{folder / "server.pid"} >> server;
  const test::process_watch watch{server};
  CHECK_FALSE(watch.wait_for_end(0ms));
  REQUIRE(kill(victim, SIGKILL) == 0);
  CHECK(watch.wait_for_end(2s));
  waitpid(victim, &status, 0);
}

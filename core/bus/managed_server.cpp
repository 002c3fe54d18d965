// SPDX-License-Identifier: Apache-2.0
#include "bus/managed_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <future>
#include <mutex>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "bus/child_process.hpp"
#include "bus/loopback_probe.hpp"

namespace vigie::bus {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds ready_within{5000};
constexpr milliseconds ready_poll{20};
constexpr milliseconds end_within{2000};
constexpr milliseconds first_delay{100};
constexpr milliseconds longest_delay{5000};
constexpr milliseconds steady_after{
    10'000};  ///< a server that lived so long restarts without delay
/// A server whose Vigie was killed needs a moment to die and free its port.
constexpr milliseconds port_free_within{2000};
constexpr std::size_t kept_output_bytes = 1000;

/// Writes a file only this user can read, whole or not at all.
result<void> write_private(const std::filesystem::path& path, std::string_view text) {
  const auto fresh = path.string() + ".new";
  const auto failed = [&](std::string_view what) {
    return fail(errc::disk_failed, fmt::format("{} {}: {}", what, fresh, std::strerror(errno)));
  };
  unlink(fresh.c_str());
  const owned_fd file{open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (!file) return failed("creating");
  if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return failed("writing");
  if (rename(fresh.c_str(), path.c_str()) != 0) return failed("renaming");
  return {};
}

result<void> check_port(std::uint16_t port, std::string_view setting, milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (!is_port_free(port)) {
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(errc::config_invalid,
                  fmt::format("port {} of 127.0.0.1 is taken by another program: stop it or choose "
                              "another [bus] {}",
                              port, setting));
    std::this_thread::sleep_for(milliseconds{50});
  }
  return {};
}

}  // namespace

struct managed_server::core {
  managed_server_options options;
  std::string program;
  std::filesystem::path configuration;
  secret vigie_password;
  std::mutex text_mutex;
  std::string written_text;  ///< of the configuration as it lies on the disk
  owned_fd wake;
  std::atomic<bool> ending = false;
  std::atomic<bool> frozen = false;
  std::atomic<bool> is_stale = false;  ///< the configuration is newer than the running server's
  std::atomic<int> process = 0;
  std::atomic<std::uint64_t> restarts = 0;
  std::string output;  ///< the server's last words; supervising thread only
  log::rate_limit output_limit{1'000'000'000};
  std::thread supervisor;

  void nudge() {
    const std::uint64_t one = 1;
    // Fails only when a nudge is already waiting.
    [[maybe_unused]] const auto written = write(wake.get(), &one, sizeof one);
  }

  /// True: the file is another than before.
  result<bool> write_configuration(std::span<const bus_user> users) {
    auto fresh = nats_configuration(options, vigie_password, users);
    if (!fresh) return tl::unexpected{fresh.error()};
    std::lock_guard lock{text_mutex};
    if (*fresh == written_text) return false;
    if (auto written = write_private(configuration, *fresh); !written)
      return tl::unexpected{written.error()};
    written_text = *std::move(fresh);
    return true;
  }

  /// Waits for a nudge. False: ending.
  bool pause(milliseconds wait) {
    pollfd nudged{wake.get(), POLLIN, 0};
    if (poll(&nudged, 1, static_cast<int>(wait.count())) > 0) take_nudge();
    return !ending;
  }
  void take_nudge() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(wake.get(), &count, sizeof count);
  }

  /// The server's output without what a terminal would obey.
  void read_output(const child_process& child) {
    char bytes[4096];
    bool has_complaint = false;
    for (ssize_t n = 0; (n = read(child.output_fd(), bytes, sizeof bytes)) > 0;) {
      const std::string_view part{bytes, static_cast<std::size_t>(n)};
      has_complaint = has_complaint || part.find("[ERR]") != part.npos ||
                      part.find("[FTL]") != part.npos || part.find("nats-server:") != part.npos;
      output += part;
      if (output.size() > kept_output_bytes) output.erase(0, output.size() - kept_output_bytes);
    }
    if (!has_complaint) return;
    if (const auto n = output_limit.pass(system_clock{}.mono()))
      log::warn("nats-server ({} times): {}", n, last_words());
  }
  std::string last_words() const {
    std::string_view text = output;
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    const auto start = text.rfind('\n');
    std::string line{start == text.npos ? text : text.substr(start + 1)};
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
  }

  result<child_process> spawn_ready() {
    output.clear();
    auto child = child_process::spawn({program, "-c", configuration.string()});
    if (!child) return child;
    const auto deadline = std::chrono::steady_clock::now() + ready_within;
    while (!greets(options.port, milliseconds{500})) {
      read_output(*child);
      if (auto end = child->reap(ready_poll)) {
        read_output(*child);
        return fail(errc::child_failed,
                    fmt::format("nats-server ended at its start ({}): {}", *end, last_words()));
      }
      if (ending) return fail(errc::child_failed, "ending");
      if (std::chrono::steady_clock::now() >= deadline)
        return fail(errc::child_timeout, "nats-server does not answer");
    }
    return child;
  }

  /// Until the server ended, was found frozen, or is no longer wanted.
  void watch(child_process& child) {
    while (true) {
      pollfd watched[] = {
          {child.exit_fd(), POLLIN, 0}, {wake.get(), POLLIN, 0}, {child.output_fd(), POLLIN, 0}};
      if (poll(watched, 3, -1) < 0) continue;
      if (watched[2].revents != 0) read_output(child);
      if (watched[1].revents != 0) take_nudge();
      if (ending) {
        child.signal(SIGTERM);
        if (child.reap(end_within)) return;
        child.signal(SIGKILL);
        child.reap(end_within);
        return;
      }
      // At every start the server reads the file by itself.
      if (is_stale.exchange(false)) child.signal(SIGHUP);
      if (frozen.exchange(false)) {
        child.signal(SIGKILL);
        child.reap(end_within);
        log::warn("nats-server did not answer and was killed");
        return;
      }
      if (watched[0].revents == 0) continue;
      const auto end = child.reap(milliseconds{0});
      log::warn("nats-server ended ({}): {}", end.value_or("unknown"), last_words());
      return;
    }
  }

  /// The whole life on one thread: the kernel ties the child to the thread that started it.
  void supervise(std::promise<result<void>> started) {
    auto delay = first_delay;
    bool is_first = true;
    while (!ending) {
      const auto born = std::chrono::steady_clock::now();
      auto child = spawn_ready();
      // Before the start is told: whoever hears of it may ask for the process at once.
      if (child) process = child->id();
      if (is_first) {
        is_first = false;
        started.set_value(child ? result<void>{} : tl::unexpected{child.error()});
        if (!child) return;
      } else if (!child && !ending) {
        log::error("nats-server: {}", to_string(child.error()));
      }
      if (child) {
        frozen = false;
        watch(*child);
        process = 0;
      }
      if (ending) return;
      const bool was_steady = std::chrono::steady_clock::now() - born > steady_after;
      delay = was_steady ? first_delay : delay;
      if (!pause(delay)) return;
      delay = std::min(delay * 2, longest_delay);
      ++restarts;
    }
  }
};

managed_server::managed_server(std::unique_ptr<core> c) : core_{std::move(c)} {}

result<std::unique_ptr<managed_server>> managed_server::start(managed_server_options options) {
  auto c = std::make_unique<core>();
  c->options = std::move(options);
  const auto& o = c->options;
  auto program = find_program(o.binary);
  if (!program)
    return fail(errc::config_invalid,
                fmt::format("{} was not found: install the Debian package nats-server, or set "
                            "[bus] url to a server of yours",
                            o.binary));
  c->program = *std::move(program);
  if (auto free = check_port(o.port, "port", port_free_within); !free)
    return tl::unexpected{free.error()};
  if (auto free = check_port(o.websocket_port, "websocket_port", port_free_within); !free)
    return tl::unexpected{free.error()};
  std::error_code failure;
  std::filesystem::create_directories(o.folder, failure);
  if (failure || chmod(o.folder.c_str(), 0700) != 0)
    return fail(errc::disk_failed, fmt::format("cannot make the folder {}", o.folder.string()));
  c->vigie_password = secret{o.make_password()};
  c->configuration = o.folder / "nats-server.conf";
  if (auto written = c->write_configuration(o.users); !written)
    return tl::unexpected{written.error()};
  c->wake = owned_fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!c->wake) return fail(errc::child_failed, "eventfd");
  std::promise<result<void>> started;
  auto outcome = started.get_future();
  c->supervisor = std::thread{
      [core = c.get(), s = std::move(started)]() mutable { core->supervise(std::move(s)); }};
  std::unique_ptr<managed_server> server{new managed_server{std::move(c)}};
  if (auto up = outcome.get(); !up) return tl::unexpected{up.error()};
  return server;
}

managed_server::~managed_server() {
  core_->ending = true;
  core_->nudge();
  core_->supervisor.join();
}

result<void> managed_server::set_users(std::vector<bus_user> users) {
  const auto changed = core_->write_configuration(users);
  if (!changed) return tl::unexpected{changed.error()};
  if (!*changed) return {};
  core_->is_stale = true;
  core_->nudge();
  return {};
}

void managed_server::replace_frozen() {
  core_->frozen = true;
  core_->nudge();
}

std::string managed_server::url() const {
  return fmt::format("nats://127.0.0.1:{}", core_->options.port);
}
std::string managed_server::websocket_url() const {
  return fmt::format("ws://127.0.0.1:{}", core_->options.websocket_port);
}
const secret& managed_server::vigie_password() const noexcept { return core_->vigie_password; }
int managed_server::process_id() const noexcept { return core_->process; }
std::uint64_t managed_server::restarts() const noexcept { return core_->restarts; }

}  // namespace vigie::bus

// SPDX-License-Identifier: Apache-2.0
// One suite, both isolations: a plugin behaves the same in a child and in process.
#include "plugin_host/runtime.hpp"

#include <doctest/doctest.h>
#include <vigie/sdk.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <future>
#include <mutex>

#include "support/temporary_folder.hpp"

namespace {

using namespace vigie;
using namespace vigie::plugin_host;
using namespace std::chrono_literals;

std::filesystem::path from_environment(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

/// Everything plugins said, and a way to wait for it.
class witness final : public plugin_listener {
 public:
  void on_packet(const std::string&, const camera_id& camera, pushed_packet packet) override {
    note([&] { packets.emplace_back(camera, std::move(packet)); });
  }
  void on_device_event(const std::string&, const camera_id&, const device_event& event) override {
    note([&] { events.push_back(event); });
  }
  void on_detection(const std::string&, const camera_id& camera, const detection& d) override {
    note([&] { detections.emplace_back(camera, d); });
  }
  void on_delivery_report(const std::string&, const delivery_report& report) override {
    note([&] { reports.push_back(report); });
  }
  void on_fault(const fault_report& report) override {
    note([&] { faults.push_back(report); });
  }
  void on_state(const plugin_status& status) override {
    note([&] { states.push_back(status.state); });
  }
  void on_log(const std::string&, std::int32_t, const std::string& text) override {
    note([&] { lines.push_back(text); });
  }
  template <class Condition>
  bool wait(Condition condition, std::chrono::milliseconds most = 20s) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, most, condition);
  }
  bool wait_fault(fault f) {
    return wait([&] {
      return std::any_of(faults.begin(), faults.end(),
                         [&](const auto& seen) { return seen.fault == f; });
    });
  }

  std::vector<std::pair<camera_id, pushed_packet>> packets;
  std::vector<device_event> events;
  std::vector<std::pair<camera_id, detection>> detections;
  std::vector<delivery_report> reports;
  std::vector<fault_report> faults;
  std::vector<plugin_state> states;
  std::vector<std::string> lines;

 private:
  template <class Note>
  void note(Note taking) {
    std::lock_guard lock{mutex_};
    taking();
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

struct bench {
  explicit bench(isolation how) : mode{how} {}

  result<void> load(const std::string& id, const std::string& folder, std::string config = "{}") {
    return host.load({id, plugins / folder, mode, std::move(config), {}});
  }
  template <class T, class Call>
  result<T> ask(Call call) {
    std::promise<result<T>> promise;
    auto answer = promise.get_future();
    call([&](result<T> value) { promise.set_value(std::move(value)); });
    REQUIRE(answer.wait_for(30s) == std::future_status::ready);
    return answer.get();
  }
  result<void> attach(const std::string& plugin, const char* camera, std::string address = "a") {
    return ask<void>([&](auto done) {
      host.attach(plugin, {camera_id{camera}, std::move(address), "u", secret{"geheim"}, "{}"},
                  done);
    });
  }
  result<stream_place> resolve(const char* camera) {
    return ask<stream_place>(
        [&](auto done) { host.resolve_stream("test.protocol", camera_id{camera}, done); });
  }
  bool show(const char* camera, char what, std::uint8_t second = 255) {
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(64 * 48, std::uint8_t{9});
    (*bytes)[0] = static_cast<std::uint8_t>(what);
    (*bytes)[1] = second;
    return host.offer_frame("test.analytics", camera_id{camera},
                            {VIGIE_PIXEL_GRAY8, 64, 48, 1'700'000'000'000'000, *bytes, bytes});
  }
  /// It has come to life so many times.
  bool wait_running(std::ptrdiff_t times = 1) {
    return seen.wait([&] {
      return std::count(seen.states.begin(), seen.states.end(), plugin_state::running) >= times;
    });
  }
  plugin_status status() const { return host.status().front(); }

  isolation mode;
  std::filesystem::path plugins =
      from_environment("VIGIE_TEST_PLUGINS", "build/release/test_plugins");
  system_clock time;
  witness seen;
  runtime host{
      {.host_program = from_environment("VIGIE_BIN", "build/release/bin") / "vigie-plugin-host",
       .deadlines = {.device = 800ms},
       .supervision = {},
       .seed = 7},
      time,
      seen};
};

template <class Test>
void in_both(Test test) {
  for (const auto mode : {isolation::child, isolation::in_process}) {
    CAPTURE(static_cast<int>(mode));
    bench one{mode};
    test(one);
  }
}

}  // namespace

TEST_CASE("runtime: a protocol plugin attaches, resolves and pushes") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.protocol", "test_protocol"));
    REQUIRE(b.attach("test.protocol", "cam-1", "10.0.0.1"));
    REQUIRE(b.attach("test.protocol", "cam-2", "push"));
    const auto place = b.resolve("cam-1");
    REQUIRE(place);
    CHECK(place->url == "rtsp://10.0.0.1/stream");
    const auto pushed = b.resolve("cam-2");
    REQUIRE(pushed);
    CHECK(pushed->is_pushed);
    const auto opened = b.ask<void>(
        [&](auto done) { b.host.open_stream("test.protocol", camera_id{"cam-2"}, done); });
    if (!opened) FAIL(opened.error().detail);
    CHECK(b.seen.wait([&] { return b.seen.packets.size() == 2 && b.seen.events.size() == 1; }));
    CHECK(b.seen.packets[0].first == camera_id{"cam-2"});
    CHECK(b.seen.packets[0].second.is_key);
    CHECK(b.seen.packets[1].second.media_pts_us == 41000);
    // The standing time and the other camera are named.
    CHECK(b.seen.wait_fault(fault::bad_packet));
    CHECK(b.seen.wait_fault(fault::foreign_camera));
    CHECK(
        b.ask<void>([&](auto done) { b.host.detach("test.protocol", camera_id{"cam-2"}, done); }));
  });
}

TEST_CASE("runtime: what a plugin answers badly is refused, what a device says is handed on") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.protocol", "test_protocol"));
    REQUIRE(b.attach("test.protocol", "cam-1", "leak"));
    REQUIRE(b.attach("test.protocol", "cam-2", "io"));
    CHECK(!b.resolve("cam-1"));
    const auto away = b.resolve("cam-2");
    REQUIRE(!away);
    CHECK(away.error().code == errc::io_failed);
    CHECK(away.error().detail == "device is away");
    const auto unknown = b.resolve("cam-9");
    REQUIRE(!unknown);
    CHECK(unknown.error().code == errc::not_found);
    const auto ptz =
        b.ask<void>([&](auto done) { b.host.ptz_stop("test.protocol", camera_id{"cam-1"}, done); });
    CHECK(!ptz);
    CHECK(b.seen.faults.empty());
  });
}

TEST_CASE("runtime: an analytics plugin sees frames, keeps one, and detects") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.analytics", "test_analytics"));
    REQUIRE(b.attach("test.analytics", "cam-1"));
    REQUIRE(b.wait_running());
    const auto wish = b.host.wish_of("test.analytics");
    REQUIRE(wish);
    CHECK(wish->width == 64);
    CHECK(wish->interval == 500ms);
    CHECK(b.show("cam-1", 'k'));
    CHECK(b.show("cam-1", ' ', 51));
    CHECK(b.show("cam-1", 'r'));
    REQUIRE(b.seen.wait([&] { return b.seen.detections.size() == 2; }));
    CHECK(b.seen.detections[0].first == camera_id{"cam-1"});
    CHECK(b.seen.detections[0].second.score == doctest::Approx(0.2));
    CHECK(b.seen.faults.empty());
    CHECK(!b.show("cam-7", ' '));
  });
}

TEST_CASE("runtime: garbage, floods and foreign cameras are named and never handed on") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.analytics", "test_analytics"));
    REQUIRE(b.attach("test.analytics", "cam-1"));
    REQUIRE(b.wait_running());
    CHECK(b.show("cam-1", 'n'));
    CHECK(b.seen.wait_fault(fault::bad_detection));
    CHECK(b.show("cam-1", 'c'));
    CHECK(b.seen.wait_fault(fault::foreign_camera));
    CHECK(b.seen.detections.empty());
    CHECK(b.show("cam-1", 'f'));
    CHECK(b.seen.wait_fault(fault::flooded));
    CHECK(b.seen.wait([&] { return b.seen.detections.size() >= 100; }));
    CHECK(b.seen.detections.size() < 1000);
  });
}

TEST_CASE("runtime: a notifier takes a notification and reports from its own thread") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.notifier", "test_notifier"));
    notification what;
    what.status = VIGIE_NOTIFY_EXERCISE;
    what.key = "k-1";
    what.recipient = "corg1";
    CHECK(b.ask<void>([&](auto done) { b.host.deliver("test.notifier", what, done); }));
    REQUIRE(b.seen.wait([&] { return !b.seen.reports.empty() && !b.seen.lines.empty(); }));
    CHECK(b.seen.reports[0].outcome == VIGIE_DELIVERY_ACKNOWLEDGED);
    CHECK(b.seen.reports[0].reference == "R-17");
    CHECK(b.seen.lines[0] == "taken over");
    CHECK(b.seen.wait_fault(fault::bad_event));  // the notification of another
    CHECK(b.seen.reports.size() == 1);
    CHECK(b.ask<void>([&](auto done) { b.host.probe("test.notifier", "corg1", done); }));
    CHECK(!b.ask<void>([&](auto done) { b.host.probe("test.notifier", "nobody", done); }));
  });
}

TEST_CASE("runtime: an exception over the line ends the instance, and it starts again") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.analytics", "test_analytics"));
    REQUIRE(b.attach("test.analytics", "cam-1"));
    REQUIRE(b.wait_running());
    CHECK(b.show("cam-1", 't'));
    REQUIRE(b.seen.wait_fault(fault::crashed));
    REQUIRE(b.wait_running(2));
    CHECK(b.status().starts == 2);
    // Its camera is attached again.
    CHECK(b.show("cam-1", ' '));
    CHECK(b.seen.wait([&] { return !b.seen.detections.empty(); }));
  });
}

TEST_CASE("runtime: a hang is named within its deadline and the call is answered") {
  in_both([](bench& b) {
    REQUIRE(b.load("test.protocol", "test_protocol"));
    REQUIRE(b.attach("test.protocol", "cam-1", "hang"));
    const auto begun = b.time.mono();
    const auto place = b.resolve("cam-1");
    REQUIRE(!place);
    CHECK(place.error().code == errc::child_timeout);
    CHECK(b.seen.wait_fault(fault::hung));
    CHECK(b.time.mono() - begun < to_ns(1500ms));
  });
}

TEST_CASE("runtime: a crash in a child is noticed at once; the centre and its answer live on") {
  for (const char* way : {"crash", "exit"}) {
    CAPTURE(way);
    bench b{isolation::child};
    REQUIRE(b.load("test.protocol", "test_protocol"));
    REQUIRE(b.attach("test.protocol", "cam-1", way));
    REQUIRE(b.wait_running());
    const auto begun = b.time.mono();
    CHECK(!b.resolve("cam-1"));
    CHECK(b.seen.wait_fault(fault::crashed));
    CHECK(b.time.mono() - begun < to_ns(500ms));
    CHECK(b.wait_running(2));
  }
}

TEST_CASE("runtime: a child cannot write to a frame") {
  bench b{isolation::child};
  REQUIRE(b.load("test.analytics", "test_analytics"));
  REQUIRE(b.attach("test.analytics", "cam-1"));
  REQUIRE(b.wait_running());
  CHECK(b.show("cam-1", 'w'));
  REQUIRE(b.seen.wait_fault(fault::crashed));
  CHECK(b.seen.faults.back().detail.find("signal 11 during on_frame") != std::string::npos);
}

TEST_CASE("runtime: a child that opens, connects or grows beyond its share is named") {
  bench b{isolation::child};
  REQUIRE(b.load("test.analytics", "test_analytics"));
  REQUIRE(b.attach("test.analytics", "cam-1"));
  REQUIRE(b.wait_running());
  MESSAGE("missing here: " << b.status().missing_protection);
  CHECK(b.show("cam-1", 's'));
  CHECK(b.seen.wait_fault(fault::denied_access));
  CHECK(b.seen.faults.back().detail.find("/etc/shadow") != std::string::npos);
  CHECK(b.show("cam-1", 'm'));
  CHECK(b.seen.wait_fault(fault::memory_limit));
  INFO(b.seen.faults.back().detail);
  CHECK(b.seen.faults.back().fault == fault::memory_limit);
  CHECK(b.wait_running(2));
}

TEST_CASE("runtime: a library that was replaced since is not started again") {
  bench b{isolation::child};
  test::temporary_folder folder;
  const auto copy = folder / "test_protocol";
  std::filesystem::copy(b.plugins / "test_protocol", copy);
  REQUIRE(b.host.load({"test.protocol", copy, isolation::child, "{}", {}}));
  REQUIRE(b.attach("test.protocol", "cam-1", "crash"));
  REQUIRE(b.wait_running());
  const auto known = b.host.manifest_of("test.protocol");
  REQUIRE(known);
  const auto library = copy / known->library;
  std::filesystem::copy(library, folder / "other.so");
  std::ofstream{folder / "other.so", std::ios::app} << "one byte more";
  std::filesystem::rename(folder / "other.so", library);
  CHECK(!b.resolve("cam-1"));
  CHECK(b.seen.wait_fault(fault::refused_manifest));
  CHECK(b.seen.wait([&] { return b.seen.states.back() == plugin_state::refused; }));
  CHECK(b.status().starts == 1);
}

TEST_CASE("runtime: five faults in a minute are quarantine, and a human ends it") {
  bench b{isolation::child};
  REQUIRE(b.load("test.protocol", "test_protocol"));
  REQUIRE(b.attach("test.protocol", "cam-1", "crash"));
  for (long n = 1; n <= 5; ++n) {
    REQUIRE(b.wait_running(n));
    CHECK(!b.resolve("cam-1"));
    REQUIRE(b.seen.wait([&] { return b.seen.faults.size() == static_cast<std::size_t>(n); }));
  }
  CHECK(b.seen.wait([&] { return b.seen.states.back() == plugin_state::quarantined; }));
  CHECK(b.status().state == plugin_state::quarantined);
  REQUIRE(b.host.release("test.protocol"));
  CHECK(b.wait_running(6));
}

TEST_CASE("runtime: a plugin that is not what its manifest says never runs") {
  in_both([](bench& b) {
    test::temporary_folder folder;
    const auto source = b.plugins / "test_protocol";
    for (const auto* name : {"plugin.toml", "libvigie_test_protocol.so"})
      std::filesystem::copy_file(source / name, folder / name);
    SUBCASE("wrong hash") {
      std::ofstream{folder / "libvigie_test_protocol.so", std::ios::app} << 'x';
    }
    SUBCASE("unknown key") {
      std::ofstream{folder / "plugin.toml", std::ios::app} << "extra = 1\n";
    }
    SUBCASE("no manifest") { std::filesystem::remove(folder / "plugin.toml"); }
    CHECK(!b.host.load({"test.protocol", folder.path(), b.mode, "{}", {}}));
    CHECK(b.seen.wait_fault(fault::refused_manifest));
    CHECK(b.status().state == plugin_state::refused);
    CHECK(b.status().starts == 0);
  });
}

TEST_CASE("runtime: another id, a foreign ABI, or an init that says no are failed starts") {
  in_both([](bench& b) {
    SUBCASE("init") { REQUIRE(b.load("test.protocol", "test_protocol", "{\"fail\":1}")); }
    SUBCASE("abi") { REQUIRE(b.load("test.protocol", "test_old_abi")); }
    SUBCASE("id") { REQUIRE(b.load("test.other", "test_other_id")); }
    REQUIRE(b.seen.wait_fault(fault::failed_start));
    CHECK(std::count(b.seen.states.begin(), b.seen.states.end(), plugin_state::running) == 0);
  });
  bench b{isolation::child};
  CHECK(!b.load("test.else", "test_protocol"));
}

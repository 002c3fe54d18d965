// SPDX-License-Identifier: Apache-2.0
// Binaries of the day of ABI 1.0 in today's host, in both isolations.
#include <doctest/doctest.h>
#include <vigie/sdk.h>

#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <numeric>

#include "plugin_host/runtime.hpp"

using namespace vigie;
using namespace vigie::plugin_host;

namespace {

using namespace std::chrono_literals;
constexpr auto patience = 20s;

/// Keeps what a plugin brought.
class witness final : public plugin_listener {
 public:
  void on_state(const plugin_status& status) override {
    change([&] { running = status.state == plugin_state::running; });
  }
  void on_fault(const fault_report& report) override {
    change([&] { faults.push_back(std::string{name_of(report.fault)} + " " + report.detail); });
  }
  void on_detection(const std::string&, const camera_id&, const detection& found) override {
    change([&] { detections.push_back(found); });
  }
  void on_delivery_report(const std::string&, const delivery_report& report) override {
    change([&] { reports.push_back(report); });
  }
  template <class Condition>
  bool wait(Condition holds) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, holds);
  }

  bool running = false;
  std::vector<std::string> faults;
  std::vector<detection> detections;
  std::vector<delivery_report> reports;

 private:
  template <class Change>
  void change(Change what) {
    std::lock_guard lock{mutex_};
    what();
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// One frozen plugin, running in today's host.
struct rig {
  rig(const std::string& kind, isolation where) : id{"fr.vigie.test.frozen_" + kind} {
    runtime_options options;
    options.host_program = std::filesystem::path{std::getenv("VIGIE_BIN")} / "vigie-plugin-host";
    options.deadlines.control = options.deadlines.frame = options.deadlines.load = 20s;
    host = std::make_unique<runtime>(options, time, seen);
    plugin_setup setup;
    setup.id = id;
    setup.folder = std::filesystem::path{VIGIE_FROZEN_PLUGINS} / kind;
    setup.isolation = where;
    const auto loaded = host->load(setup);
    REQUIRE_MESSAGE(loaded.has_value(), loaded.error().detail);
    REQUIRE(seen.wait([&] { return seen.running; }));
  }
  template <class T>
  result<T> ask(const std::function<void(runtime::answer_to<T>)>& call) {
    auto answer = std::make_shared<std::promise<result<T>>>();
    auto future = answer->get_future();
    call([answer](result<T> got) { answer->set_value(std::move(got)); });
    REQUIRE(future.wait_for(patience) == std::future_status::ready);
    return future.get();
  }
  void attach(const std::string& address) {
    camera_setup camera;
    camera.camera = camera_id{"cam-1"};
    camera.address = address;
    const auto done = ask<void>([&](auto taker) { host->attach(id, camera, taker); });
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
  }

  std::string id;
  system_clock time;
  witness seen;
  std::unique_ptr<runtime> host;
};

const auto both = {isolation::child, isolation::in_process};

}  // namespace

TEST_CASE("frozen ABI 1.0: a protocol plugin of that day says where a camera's video is") {
  for (const auto where : both) {
    rig r{"protocol", where};
    r.attach("rtsp://127.0.0.1:9/main");
    const auto place = r.ask<stream_place>(
        [&](auto taker) { r.host->resolve_stream(r.id, camera_id{"cam-1"}, taker); });
    REQUIRE(place.has_value());
    CHECK(place->url == "rtsp://127.0.0.1:9/main");
    CHECK(r.seen.faults.empty());
  }
}

TEST_CASE("frozen ABI 1.0: an analytics plugin of that day sees a picture and signals") {
  for (const auto where : both) {
    rig r{"analytics", where};
    r.attach("");
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(64 * 48, std::uint8_t{3});
    REQUIRE(r.host->offer_frame(r.id, camera_id{"cam-1"},
                                {VIGIE_PIXEL_GRAY8,
                                 64,
                                 48,
                                 1'700'000'000'000'000,
                                 {pixels->data(), pixels->size()},
                                 pixels}));
    REQUIRE(r.seen.wait([&] { return !r.seen.detections.empty(); }));
    CHECK(r.seen.detections[0].event_type == VIGIE_EVENT_PICTURE_BLACK);
    CHECK(r.seen.detections[0].score == doctest::Approx(1.0 - 3 / 255.0));
    CHECK(r.seen.detections[0].at == 1'700'000'000'000'000);
    CHECK(r.seen.faults.empty());
  }
}

TEST_CASE("frozen ABI 1.0: a notifier of that day delivers") {
  for (const auto where : both) {
    rig r{"notifier", where};
    notification alert;
    alert.status = VIGIE_NOTIFY_EXERCISE;
    alert.key = "inc-7/corg-95";
    alert.recipient = "corg-95";
    alert.headline = "Exercice";
    alert.at = r.time.utc();
    const auto taken = r.ask<void>([&](auto taker) { r.host->deliver(r.id, alert, taker); });
    REQUIRE(taken.has_value());
    REQUIRE(r.seen.wait([&] { return !r.seen.reports.empty(); }));
    CHECK(r.seen.reports[0].key == "inc-7/corg-95");
    CHECK(r.seen.reports[0].outcome == VIGIE_DELIVERY_NEEDS_HUMAN);
    CHECK(r.seen.reports[0].text == "Exercice");
    CHECK(r.seen.faults.empty());
  }
}

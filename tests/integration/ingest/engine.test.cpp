// SPDX-License-Identifier: Apache-2.0
#include "ingest/engine.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>

#include "support/eventually.hpp"
#include "support/rtsp_server.hpp"

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;
using vigie::test::rtsp_server;
using behaviour = vigie::test::rtsp_server::behaviour;
using steady = std::chrono::steady_clock;

namespace {

/// Collects what shards report; the test waits for what it expects, with a deadline.
class vitals_box {
 public:
  vitals_listener listener() {
    return [this](const feed_vitals& vitals) {
      {
        std::lock_guard lock{mutex_};
        all_.push_back(vitals);
      }
      news_.notify_all();
    };
  }
  /// The first report of `camera` after the last `clear` that satisfies `wanted`.
  std::optional<feed_vitals> wait_for(const camera_id& camera,
                                      const std::function<bool(const feed_vitals&)>& wanted,
                                      std::chrono::milliseconds limit = 10s) {
    std::unique_lock lock{mutex_};
    std::optional<feed_vitals> found;
    news_.wait_for(lock, limit, [&] {
      for (const auto& each : all_)
        if (each.camera == camera && wanted(each)) {
          found = each;
          return true;
        }
      return false;
    });
    return found;
  }
  std::optional<feed_vitals> wait_for_phase(const camera_id& camera, feed_phase phase,
                                            std::chrono::milliseconds limit = 10s) {
    return wait_for(
        camera, [phase](const auto& v) { return v.phase == phase; }, limit);
  }
  std::optional<feed_vitals> wait_for_trouble(const camera_id& camera, errc code,
                                              std::chrono::milliseconds limit = 10s) {
    return wait_for(
        camera, [code](const auto& v) { return v.trouble && v.trouble->code == code; }, limit);
  }
  std::vector<feed_vitals> all() const {
    std::lock_guard lock{mutex_};
    return all_;
  }
  void clear() {
    std::lock_guard lock{mutex_};
    all_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::vector<feed_vitals> all_;
};

struct counting_sink final : sink {
  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    is_contiguous = is_contiguous && unit->sequence == units + 1;
    ++units;
  }
  void on_end_of_session() noexcept override { ++ends; }
  std::atomic<std::uint64_t> units{0};
  std::atomic<int> ends{0};
  std::atomic<bool> is_contiguous{true};
};

/// Remembers when pictures were handed over, beside when they are said to have arrived.
struct timing_sink final : sink {
  explicit timing_sink(bool is_watching) : is_watching_{is_watching} {}
  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    std::lock_guard lock{mutex_};
    seen_.push_back({unit->arrival_mono_ns, wall_.mono()});
  }
  bool wants_immediacy() const noexcept override { return is_watching_; }
  /// The last pictures came one by one, `count` of them.
  bool came_singly(std::size_t count) const { return ends_with(count, false); }
  /// The last two pictures came together, and yet are said to have arrived apart.
  bool came_together() const { return ends_with(1, true); }

 private:
  struct handed_over {
    mono_ns arrived = 0;
    mono_ns given = 0;
  };
  static constexpr mono_ns together_ns = 5'000'000;

  bool ends_with(std::size_t count, bool together) const {
    std::lock_guard lock{mutex_};
    if (seen_.size() <= count) return false;
    for (std::size_t i = seen_.size() - count; i < seen_.size(); ++i) {
      const auto& now = seen_[i];
      const auto& before = seen_[i - 1];
      if ((now.given - before.given < together_ns) != together) return false;
      if (together && now.arrived - before.arrived < 4 * together_ns) return false;
    }
    return true;
  }

  const bool is_watching_;
  const system_clock wall_;
  mutable std::mutex mutex_;
  std::vector<handed_over> seen_;
};

feed_config config_of(const rtsp_server& server, const std::string& camera) {
  feed_config config;
  config.camera = camera_id{camera};
  config.site = site_id{"site"};
  config.url = server.url();
  config.username = "vigie";
  config.password = secret{"secret-word"};
  return config;
}

std::chrono::milliseconds since(steady::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - start);
}

std::size_t resident_kib() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      std::size_t kib = 0;
      status >> kib;
      return kib;
    }
  return 0;
}

const camera_id cam{"cam-1"};
const system_clock wall;

}  // namespace

TEST_CASE("engine: a camera on loopback plays, its units reach the sink, and it is left in order") {
  rtsp_server server{21001};
  vitals_box box;
  const auto sink = std::make_shared<counting_sink>();
  {
    engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
    pull.start(config_of(server, "cam-1"), {sink});
    const auto first = box.wait_for_phase(cam, feed_phase::advancing, 3s);
    REQUIRE(first);
    CHECK(first->authenticated);
    REQUIRE(box.wait_for(cam, [](const auto& v) { return v.access_units >= 24; }));
    pull.stop(cam);
    pull.stop(camera_id{"unknown"});
    CHECK(test::eventually(2s, [&] { return server.teardowns == 1; }));
  }
  CHECK(sink->units >= 24);
  CHECK(sink->is_contiguous);
  CHECK(sink->ends == 1);
}

TEST_CASE("engine: the destructor says TEARDOWN to every camera within its budget") {
  rtsp_server a{21002};
  rtsp_server b{21003};
  vitals_box box;
  steady::time_point from;
  {
    engine pull{{.shards = 2, .seed = 1}, wall, box.listener()};
    pull.start(config_of(a, "cam-a"), {});
    pull.start(config_of(b, "cam-b"), {});
    REQUIRE(box.wait_for_phase(camera_id{"cam-a"}, feed_phase::advancing));
    REQUIRE(box.wait_for_phase(camera_id{"cam-b"}, feed_phase::advancing));
    from = steady::now();
  }
  CHECK(since(from) < 1500ms);
  CHECK(a.teardowns == 1);
  CHECK(b.teardowns == 1);
}

TEST_CASE("engine: every way to fail is noticed in time, named, and recovered from") {
  struct fault {
    std::uint16_t port;
    behaviour does;
    errc code;
    std::chrono::milliseconds bound;
  };
  for (const auto& each :
       {fault{21010, behaviour::resets, errc::io_reset, 1000ms},
        fault{21011, behaviour::finishes, errc::io_closed, 1000ms},
        fault{21012, behaviour::falls_silent, errc::stall_silence, 2000ms},
        fault{21013, behaviour::sends_only_control, errc::stall_rtcp_only, 2000ms},
        fault{21014, behaviour::drips, errc::stall_drip, 2000ms}}) {
    CAPTURE(name_of(each.code));
    rtsp_server server{each.port};
    vitals_box box;
    engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
    pull.start(config_of(server, "cam-1"), {});
    REQUIRE(box.wait_for(cam, [](const auto& v) { return v.access_units >= 12; }));
    box.clear();
    const auto from = steady::now();
    server.does = each.does;
    CHECK(box.wait_for_trouble(cam, each.code));
    CHECK(since(from) <= each.bound);
    server.does = behaviour::streams;
    box.clear();
    CHECK(box.wait_for(
        cam, [](const auto& v) { return v.phase == feed_phase::advancing && !v.trouble; }, 20s));
  }
}

TEST_CASE("engine: a calm feed is swept, its pictures keep their times, a viewer ends that") {
  rtsp_server server{21050};
  vitals_box box;
  const auto unwatched = std::make_shared<timing_sink>(false);
  engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
  pull.start(config_of(server, "cam-1"), {unwatched});
  REQUIRE(test::eventually(30s, [&] { return unwatched->came_together(); }));

  const auto viewer = std::make_shared<timing_sink>(true);
  pull.add_sink(cam, viewer);
  CHECK(test::eventually(30s, [&] { return viewer->came_singly(6); }));
  pull.remove_sink(cam, viewer);
  CHECK(test::eventually(30s, [&] { return unwatched->came_together(); }));

  for (const auto& [does, code] : {std::pair{behaviour::resets, errc::io_reset},
                                   std::pair{behaviour::falls_silent, errc::stall_silence}}) {
    CAPTURE(name_of(code));
    REQUIRE(test::eventually(30s, [&] { return unwatched->came_together(); }));
    box.clear();
    server.does = does;
    CHECK(box.wait_for_trouble(cam, code));
    box.clear();
    server.does = behaviour::streams;
    CHECK(box.wait_for(
        cam, [](const auto& v) { return v.phase == feed_phase::advancing && !v.trouble; }, 20s));
  }
}

TEST_CASE("engine: nobody listening is io_refused, and the camera is found when it comes") {
  vitals_box box;
  engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
  feed_config config;
  config.camera = cam;
  config.site = site_id{"site"};
  config.url = "rtsp://localhost:21020/stream";
  pull.start(config, {});
  REQUIRE(box.wait_for_trouble(cam, errc::io_refused));
  rtsp_server server{21020};
  CHECK(box.wait_for_phase(cam, feed_phase::advancing, 20s));
}

TEST_CASE("engine: a wrong password is told once and not hammered") {
  rtsp_server server{21021};
  server.does = behaviour::wrong_password;
  vitals_box box;
  engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
  pull.start(config_of(server, "cam-1"), {});
  const auto told = box.wait_for_trouble(cam, errc::auth_rejected);
  REQUIRE(told);
  CHECK(told->trouble->detail.find("secret-word") == std::string::npos);
  CHECK_FALSE(box.wait_for(
      cam, [](const auto& v) { return v.dials >= 2; }, 1500ms));
  CHECK(server.connections == 1);
}

TEST_CASE("engine: a hostile server costs bounded memory and one readable trouble") {
  struct attack {
    std::uint16_t port;
    behaviour does;
  };
  for (const auto& each :
       {attack{21030, behaviour::sends_garbage}, attack{21031, behaviour::claims_4_gib},
        attack{21032, behaviour::redirects_always}}) {
    CAPTURE(each.port);
    rtsp_server server{each.port};
    server.does = each.does;
    vitals_box box;
    const auto before = resident_kib();
    engine pull{{.shards = 1, .seed = 1}, wall, box.listener()};
    pull.start(config_of(server, "cam-1"), {});
    const auto told = box.wait_for(cam, [](const auto& v) { return v.trouble.has_value(); });
    REQUIRE(told);
    MESSAGE(to_string(*told->trouble));
    CHECK_FALSE(told->trouble->detail.empty());
    CHECK(told->trouble->detail.size() < 300);
    CHECK(told->phase == feed_phase::idle);
    CHECK(server.connections <= 16);
    CHECK(resident_kib() < before + 8 * 1024);
    for (const auto& seen : box.all()) CHECK(seen.phase < feed_phase::playing);
  }
}

TEST_CASE("engine: a camera started again is replaced, one session at a time") {
  rtsp_server first{21040};
  rtsp_server second{21041};
  vitals_box box;
  const auto sink = std::make_shared<counting_sink>();
  engine pull{{.shards = 2, .seed = 1}, wall, box.listener()};
  pull.start(config_of(first, "cam-1"), {});
  REQUIRE(box.wait_for_phase(cam, feed_phase::advancing));
  box.clear();
  pull.start(config_of(second, "cam-1"), {sink});
  REQUIRE(box.wait_for_phase(cam, feed_phase::advancing));
  CHECK(first.teardowns == 1);
  CHECK(second.connections == 1);

  const auto late = std::make_shared<counting_sink>();
  pull.add_sink(cam, late);
  CHECK(test::eventually(5s, [&] { return late->units >= 3; }));
  pull.remove_sink(cam, late);
}

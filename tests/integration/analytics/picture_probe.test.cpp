// SPDX-License-Identifier: Apache-2.0
#include "analytics/picture_probe.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "support/eventually.hpp"
#include "support/h264_clip.hpp"

namespace {

using namespace vigie;
using namespace std::chrono_literals;

/// The measures as they come, and a way to wait for them.
class collector {
 public:
  void take(const analytics::picture_measure& m) {
    std::lock_guard lock{mutex_};
    measures_.push_back(m);
    arrived_.notify_all();
  }
  std::vector<analytics::picture_measure> wait(std::size_t count) {
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, 10s, [&] { return measures_.size() >= count; });
    return measures_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<analytics::picture_measure> measures_;
};

std::filesystem::path host_program() {
  const char* folder = std::getenv("VIGIE_BIN");
  return std::filesystem::path{folder != nullptr ? folder : "build/release/bin"} /
         "vigie-plugin-host";
}

media::access_unit_ptr key_frame(const test::h264_clip& clip, std::size_t picture, mono_ns at) {
  auto unit = std::make_shared<media::access_unit>();
  unit->is_key = true;
  unit->arrival_mono_ns = at;
  unit->parameters = std::make_shared<const media::codec_parameters>(
      media::make_h264_parameters(clip.sps, {byte_view{clip.pps}}));
  for (const auto& nal : clip.pictures.at(picture)) {
    const auto type = media::h264_nal_of(nal[0]);
    if (type == media::h264_nal::sps || type == media::h264_nal::pps) continue;
    for (int shift = 24; shift >= 0; shift -= 8)
      unit->data.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
    unit->data.insert(unit->data.end(), nal.begin(), nal.end());
  }
  return unit;
}

struct probe_fixture {
  system_clock time;
  collector seen;
  analytics::picture_probe probe{{.host_program = host_program(), .interval = 1ms},
                                 time,
                                 [this](const analytics::picture_measure& m) { seen.take(m); }};
};

}  // namespace

TEST_CASE_FIXTURE(probe_fixture,
                  "picture probe: figures of real key frames, frozen ones included") {
  const auto clip = test::make_clip(640, 360, 3, 1);
  const auto sink = probe.make_sink(camera_id{"cam-a"});
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  sink->on_access_unit(key_frame(clip, 2, 2'000'000'000));
  sink->on_access_unit(key_frame(clip, 2, 3'000'000'000));
  const auto measures = seen.wait(3);
  REQUIRE(measures.size() == 3);
  for (const auto& m : measures) {
    CHECK(m.decoded);
    CHECK(m.camera == camera_id{"cam-a"});
    CHECK(m.dark_share < 0.5);
  }
  CHECK(measures[0].change < 0);
  CHECK(measures[1].change > 5);
  CHECK(measures[2].change == doctest::Approx(0));
}

TEST_CASE_FIXTURE(probe_fixture, "picture probe: a frame that is no picture is a measure too") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  auto broken = std::make_shared<media::access_unit>(*key_frame(clip, 0, 1'000'000'000));
  for (std::size_t i = 5; i < broken->data.size(); ++i) broken->data[i] = 0xff;
  const auto sink = probe.make_sink(camera_id{"cam-b"});
  sink->on_access_unit(broken);
  sink->on_access_unit(key_frame(clip, 0, 2'000'000'000));
  const auto measures = seen.wait(2);
  REQUIRE(measures.size() == 2);
  CHECK(measures[1].decoded);
}

TEST_CASE_FIXTURE(probe_fixture,
                  "picture probe: a killed child is replaced and measuring goes on") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto sink = probe.make_sink(camera_id{"cam-c"});
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  REQUIRE(seen.wait(1).size() == 1);
  // The kernel keeps 15 characters of a program's name.
  test::output_of("pkill -KILL -P " + std::to_string(::getpid()) + " -x vigie-plugin-ho");
  // Frames sampled while there is no child are shed; the new child answers some later one.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  mono_ns at = 2'000'000'000;
  while (probe.counters().measured < 2 && std::chrono::steady_clock::now() < deadline) {
    const auto dropped = probe.counters().dropped;
    sink->on_access_unit(key_frame(clip, 0, at += 1'000'000'000));
    REQUIRE(test::eventually(
        10s, [&] { return probe.counters().dropped > dropped || probe.counters().measured >= 2; }));
  }
  CHECK(probe.counters().measured >= 2);
  CHECK(probe.counters().child_starts == 2);
}

TEST_CASE("picture probe: without its program the centre runs on and sheds") {
  system_clock time;
  collector seen;
  analytics::picture_probe probe{
      {.host_program = "/nonexistent/vigie-plugin-host", .interval = 1ms},
      time,
      [&](const analytics::picture_measure& m) { seen.take(m); }};
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto sink = probe.make_sink(camera_id{"cam-d"});
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  CHECK(test::eventually(10s, [&] { return probe.counters().dropped == 1; }));
  CHECK(probe.counters().child_starts == 0);
}

// SPDX-License-Identifier: Apache-2.0
#include "analytics/picture_source.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <vigie/frame.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "analytics/picture_memory.hpp"
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
    arrived_.wait_for(lock, 20s, [&] { return measures_.size() >= count; });
    return measures_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<analytics::picture_measure> measures_;
};

std::filesystem::path decoder_program() {
  const char* folder = std::getenv("VIGIE_BIN");
  return std::filesystem::path{folder != nullptr ? folder : "build/release/bin"} /
         "vigie-picture-decoder";
}

media::access_unit_ptr key_frame(const test::h264_clip& clip, std::size_t picture, mono_ns at) {
  auto unit = std::make_shared<media::access_unit>();
  unit->is_key = true;
  unit->arrival_mono_ns = at;
  unit->parameters = std::make_shared<const media::codec_parameters>(
      media::make_h264_parameters(clip.sps, {byte_view{clip.pps}}));
  std::vector<std::uint8_t> data;
  for (const auto& nal : clip.pictures.at(picture)) {
    const auto type = media::h264_nal_of(nal[0]);
    if (type == media::h264_nal::sps || type == media::h264_nal::pps) continue;
    for (int shift = 24; shift >= 0; shift -= 8)
      data.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
    data.insert(data.end(), nal.begin(), nal.end());
  }
  unit->data = std::move(data);
  return unit;
}

struct source_fixture {
  system_clock time;
  collector seen;
  analytics::picture_source source{{.decoder_program = decoder_program(), .interval = 1ms},
                                   time,
                                   [this](const analytics::picture_measure& m) { seen.take(m); }};
};

}  // namespace

TEST_CASE_FIXTURE(source_fixture,
                  "picture source: figures of real key frames, frozen ones included") {
  const auto clip = test::make_clip(640, 360, 3, 1);
  const auto sink = source.make_sink(camera_id{"cam-a"});
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

TEST_CASE_FIXTURE(source_fixture, "picture source: a frame that is no picture is a measure too") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  auto broken = std::make_shared<media::access_unit>(*key_frame(clip, 0, 1'000'000'000));
  std::vector<std::uint8_t> garbage(broken->data.begin(), broken->data.end());
  std::fill(garbage.begin() + 5, garbage.end(), 0xff);
  broken->data = std::move(garbage);
  const auto sink = source.make_sink(camera_id{"cam-b"});
  sink->on_access_unit(broken);
  sink->on_access_unit(key_frame(clip, 0, 2'000'000'000));
  const auto measures = seen.wait(2);
  REQUIRE(measures.size() == 2);
  CHECK(measures[1].decoded);
}

TEST_CASE_FIXTURE(source_fixture,
                  "picture source: a killed child is replaced and measuring goes on") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto sink = source.make_sink(camera_id{"cam-c"});
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  REQUIRE(seen.wait(1).size() == 1);
  // The kernel keeps 15 characters of a program's name.
  test::output_of("pkill -KILL -P " + std::to_string(::getpid()) + " -x vigie-picture-d");
  // Frames sampled while there is no child are shed; the new child answers some later one.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  mono_ns at = 2'000'000'000;
  while (source.counters().measured < 2 && std::chrono::steady_clock::now() < deadline) {
    const auto dropped = source.counters().dropped;
    sink->on_access_unit(key_frame(clip, 0, at += 1'000'000'000));
    REQUIRE(test::eventually(10s, [&] {
      return source.counters().dropped > dropped || source.counters().measured >= 2;
    }));
  }
  CHECK(source.counters().measured >= 2);
  CHECK(source.counters().child_starts == 2);
}

TEST_CASE("picture source: without its program the centre runs on and sheds") {
  system_clock time;
  collector seen;
  analytics::picture_source source{
      {.decoder_program = "/nonexistent/vigie-picture-decoder", .interval = 1ms},
      time,
      [&](const analytics::picture_measure& m) { seen.take(m); }};
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto sink = source.make_sink(camera_id{"cam-d"});
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  CHECK(test::eventually(10s, [&] { return source.counters().dropped == 1; }));
  CHECK(source.counters().child_starts == 0);
}

TEST_CASE_FIXTURE(source_fixture,
                  "picture source: one decoding serves all who ordered, each in its form") {
  struct shown {
    std::int32_t format;
    std::uint32_t width, height;
    std::size_t bytes;
    double mean;
  };
  std::mutex mutex;
  std::vector<shown> seen_pictures;
  const auto take = [&](const camera_id&, plugin_host::picture p) {
    double sum = 0;
    for (const auto value : p.pixels) sum += value;
    std::lock_guard lock{mutex};
    seen_pictures.push_back({p.pixel_format, p.width, p.height, p.pixels.size(),
                             sum / static_cast<double>(p.pixels.size())});
  };
  const camera_id camera{"cam-e"};
  source.order(camera, "small", {{VIGIE_PIXEL_GRAY8, 320, 180, 1ms}, take});
  source.order(camera, "whole", {{VIGIE_PIXEL_I420, 0, 0, 1ms}, take});
  source.order(camera, "larger than life", {{VIGIE_PIXEL_GRAY8, 4000, 3000, 1ms}, take});
  const auto clip = test::make_clip(640, 360, 1, 1);
  const auto sink = source.make_sink(camera);
  sink->on_access_unit(key_frame(clip, 0, 1'000'000'000));
  REQUIRE(test::eventually(20s, [&] { return source.counters().shown == 3; }));
  source.cancel(camera, "whole");
  source.cancel(camera, "larger than life");
  sink->on_access_unit(key_frame(clip, 0, 2'000'000'000));
  REQUIRE(test::eventually(20s, [&] { return source.counters().shown == 4; }));
  REQUIRE(seen.wait(2).size() == 2);  // measured all the same

  std::lock_guard lock{mutex};
  REQUIRE(seen_pictures.size() == 4);
  const auto& small = seen_pictures[0];
  CHECK(small.width == 320);
  CHECK(small.height == 180);
  CHECK(small.bytes == 320 * 180);
  CHECK(seen_pictures[1].width == 640);
  CHECK(seen_pictures[1].bytes == 640 * 360 * 3 / 2);
  CHECK(seen_pictures[2].width == 640);  // never scaled up
  CHECK(seen_pictures[2].height == 360);
  CHECK(small.mean == doctest::Approx(seen_pictures[2].mean).epsilon(0.02));
  CHECK(seen_pictures[3].mean == doctest::Approx(small.mean));
}

TEST_CASE_FIXTURE(source_fixture,
                  "picture source: pictures kept too long cost pictures, not measures") {
  const camera_id camera{"cam-f"};
  std::mutex mutex;
  std::vector<plugin_host::picture> kept;
  source.order(camera, "hoarder",
               {{VIGIE_PIXEL_GRAY8, 0, 0, 1ms}, [&](const camera_id&, plugin_host::picture p) {
                  std::lock_guard lock{mutex};
                  kept.push_back(std::move(p));
                }});
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto sink = source.make_sink(camera);
  constexpr std::size_t frames = analytics::picture_memory::slots + 3;
  for (std::size_t i = 1; i <= frames; ++i)
    sink->on_access_unit(key_frame(clip, 0, static_cast<mono_ns>(i) * 1'000'000'000));
  CHECK(seen.wait(frames).size() == frames);
  CHECK(test::eventually(20s, [&] { return source.counters().not_shown == 3; }));
  {
    std::lock_guard lock{mutex};
    CHECK(kept.size() == analytics::picture_memory::slots);
    kept.clear();
  }
  sink->on_access_unit(key_frame(clip, 0, 99'000'000'000));
  CHECK(test::eventually(
      20s, [&] { return source.counters().shown == analytics::picture_memory::slots + 1; }));
}

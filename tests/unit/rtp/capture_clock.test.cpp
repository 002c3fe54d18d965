// SPDX-License-Identifier: Apache-2.0
#include "rtp/capture_clock.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace vigie;
using namespace vigie::rtp;
using media::time_quality;

namespace {

constexpr utc_us epoch = 1'700'000'000'000'000;

/// A camera at 12 fps beside our clocks; everything in microseconds since the start.
struct rig {
  capture_clock clock;
  std::int64_t camera_offset_us = 0;  ///< camera's wall clock minus ours
  std::uint32_t rtp_start = 0xfffff000;

  std::uint32_t rtp_at(std::int64_t us) const {
    return rtp_start + static_cast<std::uint32_t>(us * 9 / 100);
  }
  capture_clock::estimate picture(std::int64_t seen_us, std::int64_t delay_us,
                                  std::int64_t our_step_us = 0) {
    const std::int64_t arrival = seen_us + delay_us;
    return clock.stamp(rtp_at(seen_us), seen_us, arrival * 1000, epoch + arrival + our_step_us);
  }
  bool report(std::int64_t sent_us, std::int64_t delay_us = 1000) {
    const std::int64_t arrival = sent_us + delay_us;
    sender_report sr;
    sr.ntp_64 = ntp_of_utc(epoch + sent_us + camera_offset_us);
    sr.rtp_ts = rtp_at(sent_us);
    return clock.on_sender_report(sr, arrival * 1000, epoch + arrival);
  }
};

constexpr std::int64_t s = 1'000'000;
constexpr std::int64_t frame = s / 12;

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("capture clock: without reports it is our clock at the least delayed arrival") {
  rig r;
  // The first picture is 10 ms late, the second 2 ms, the others between 5 and 200 ms.
  CHECK(r.picture(0, 10'000).capture_utc_us == epoch + 10'000);
  CHECK(r.picture(frame, 2'000).capture_utc_us == epoch + frame + 2'000);
  for (int i = 2; i < 60; ++i) {
    const auto e = r.picture(i * frame, 5'000 + i * 3'000);
    CHECK(e.quality == time_quality::arrival);
    // The base creeps by at most 500 ppm to follow drifting clocks.
    CHECK(std::llabs(e.capture_utc_us - (epoch + i * frame + 2'000)) <= i * frame / 2000 + 1);
  }
}

TEST_CASE("capture clock: a burst of buffered pictures after PLAY does not delay those after it") {
  rig r;
  // One second of pictures arrives at once, then the camera sends live.
  utc_us last = 0;
  for (int i = 0; i < 12; ++i) {
    const auto e = r.picture(i * frame, 12 * frame - i * frame);
    CHECK(e.capture_utc_us > last - 1);
    last = e.capture_utc_us;
  }
  const auto live = r.picture(12 * frame, 3'000);
  CHECK(live.capture_utc_us == epoch + 12 * frame + 3'000);
}

TEST_CASE("capture clock: a camera clock that drifts by 300 ppm is followed") {
  rig r;
  const auto stamp = [&](std::int64_t i) {
    const std::int64_t pts = i * frame;
    const std::int64_t ours = pts + pts * 300 / 1'000'000 + 2'000;
    return r.clock.stamp(r.rtp_at(pts), pts, ours * 1000, epoch + ours).capture_utc_us - epoch -
           ours;
  };
  std::int64_t worst = 0;
  for (std::int64_t i = 0; i < 12 * 3600; ++i) worst = std::max(worst, std::abs(stamp(i)));
  CHECK(worst < 1'000);
}

TEST_CASE("capture clock: one report is no proof, two consistent ones are") {
  rig r;
  r.camera_offset_us = 150'000;
  r.picture(0, 5'000);
  CHECK(r.report(s));
  CHECK_FALSE(r.clock.clock_offset_us());
  CHECK(r.picture(s + frame, 5'000).quality == time_quality::arrival);
  CHECK(r.report(6 * s));
  REQUIRE(r.clock.clock_offset_us());
  CHECK(std::llabs(*r.clock.clock_offset_us() - 149'000) <= 1);
  const auto e = r.picture(7 * s, 5'000);
  CHECK(e.quality == time_quality::sender_report);
  CHECK(std::llabs(e.capture_utc_us - (epoch + 7 * s + 150'000)) <= 20);
}

TEST_CASE("capture clock: the offset is that of the least delayed report") {
  rig r;
  for (int i = 1; i <= 8; ++i) r.report(i * 5 * s, i == 3 ? 500 : 200'000);
  REQUIRE(r.clock.clock_offset_us());
  CHECK(std::llabs(*r.clock.clock_offset_us() + 500) <= 1);
}

TEST_CASE("capture clock: a camera hours off is measured, and not believed for the pictures") {
  rig r;
  r.camera_offset_us = -3600 * s;
  r.picture(0, 5'000);
  r.report(s);
  r.report(6 * s);
  REQUIRE(r.clock.clock_offset_us());
  CHECK(std::llabs(*r.clock.clock_offset_us() + 3600 * s) < 2'000);
  const auto e = r.picture(7 * s, 5'000);
  CHECK(e.quality == time_quality::arrival);
  CHECK(std::llabs(e.capture_utc_us - (epoch + 7 * s)) < 10'000);
}

TEST_CASE("capture clock: a step of the camera's clock starts a new epoch") {
  rig r;
  r.picture(0, 5'000);
  r.report(s);
  r.report(6 * s);
  r.camera_offset_us = 800'000;
  r.report(11 * s);
  CHECK(r.clock.epochs() == 1);
  CHECK_FALSE(r.clock.clock_offset_us());
  CHECK(r.picture(12 * s, 5'000).quality == time_quality::arrival);
  r.report(16 * s);
  REQUIRE(r.clock.clock_offset_us());
  CHECK(std::llabs(*r.clock.clock_offset_us() - 799'000) <= 1);
  CHECK(r.picture(17 * s, 5'000).quality == time_quality::sender_report);
}

TEST_CASE("capture clock: reports with zero or impossible times are refused") {
  capture_clock c;
  CHECK_FALSE(c.on_sender_report({1, 0, 5, 0, 0}, 0, epoch));
  CHECK_FALSE(c.on_sender_report({1, ntp_of_utc(epoch), 0, 0, 0}, 0, epoch));
  CHECK_FALSE(c.on_sender_report({1, std::uint64_t{77} << 32, 5, 0, 0}, 0, epoch));
  CHECK(c.on_sender_report({1, ntp_of_utc(epoch), 5, 0, 0}, 0, epoch));
}

TEST_CASE("capture clock: a step of our own clock shows at once") {
  rig r;
  r.picture(0, 5'000);
  const auto e = r.picture(frame, 5'000, 30 * s);
  CHECK(std::llabs(e.capture_utc_us - (epoch + frame + 5'000 + 30 * s)) < 100);
}

TEST_CASE("capture clock: one timestamp far off falls back to arrival") {
  rig r;
  r.picture(0, 5'000);
  r.report(s);
  r.report(6 * s);
  const auto e = r.clock.stamp(0x12345678, 7 * s, (7 * s + 5'000) * 1000, epoch + 7 * s + 5'000);
  CHECK(e.quality == time_quality::arrival);
}

TEST_CASE("capture clock: after a new anchor the media time may stand anywhere") {
  rig r;
  r.picture(0, 5'000);
  r.clock.reanchor();
  const auto e = r.clock.stamp(0, frame, (60 * s) * 1000, epoch + 60 * s);
  CHECK(e.capture_utc_us == epoch + 60 * s);
}

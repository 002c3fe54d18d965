// SPDX-License-Identifier: Apache-2.0
#include "rtp/timeline.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace vigie;
using rtp::timeline;

namespace {

constexpr std::uint32_t interval = 7500;  // 12 fps at 90 kHz
constexpr mono_ns interval_ns = 1'000'000'000 / 12;

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("timeline: starts at 0 wherever the camera starts, and goes on over the wrap") {
  timeline t;
  const std::uint32_t start = 0u - 20 * interval;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto s = t.push(start + i * interval, i * interval_ns);
    CHECK(s.media_pts_us == std::int64_t{i} * interval * 100 / 9);
    CHECK_FALSE(s.held);
  }
}

TEST_CASE("timeline: one or two unbelievable timestamps are replaced by the usual interval") {
  timeline t;
  t.push(0, 0);
  t.push(interval, interval_ns);
  const auto outlier = t.push(900'000'000, 2 * interval_ns);
  CHECK(outlier.held);
  CHECK(outlier.media_pts_us == 2 * 83'333 + 0);
  CHECK(t.push(5, 3 * interval_ns).held == false);  // back by 83 ms: only kept increasing
  timeline u;
  u.push(0, 0);
  u.push(interval, interval_ns);
  u.push(900'000'000, 2 * interval_ns);
  u.push(1'900'000'000, 3 * interval_ns);
  const auto back = u.push(4 * interval, 4 * interval_ns);
  CHECK_FALSE(back.held);
  CHECK_FALSE(back.reanchored);
  CHECK(back.media_pts_us == 4 * std::int64_t{interval} * 100 / 9);
}

TEST_CASE("timeline: the third jump in a row is a new time line that does not go back") {
  timeline t;
  t.push(4'000'000, 0);
  t.push(4'000'000 + interval, interval_ns);
  CHECK(t.push(0, 2 * interval_ns).held);
  CHECK(t.push(interval, 3 * interval_ns).held);
  const auto third = t.push(2 * interval, 4 * interval_ns);
  CHECK(third.reanchored);
  CHECK(third.media_pts_us == 4 * std::int64_t{interval} * 100 / 9);
  const auto next = t.push(3 * interval, 5 * interval_ns);
  CHECK_FALSE(next.reanchored);
  CHECK(next.media_pts_us == 5 * std::int64_t{interval} * 100 / 9);
}

TEST_CASE("timeline: a pause that our clock saw too is no jump") {
  timeline t;
  t.push(0, 0);
  t.push(interval, interval_ns);
  const auto after = t.push(interval + 20 * 90'000, interval_ns + 20'000'000'000);
  CHECK_FALSE(after.held);
  CHECK(after.media_pts_us == 20'083'333);
}

TEST_CASE("timeline: another sender anchors anew at once") {
  timeline t;
  t.push(1000, 0);
  t.push(1000 + interval, interval_ns);
  t.reanchor();
  const auto s = t.push(3'000'000'000, 2 * interval_ns);
  CHECK(s.reanchored);
  CHECK(s.media_pts_us == 166'666);
  CHECK(t.push(3'000'000'000 + interval, 3 * interval_ns).media_pts_us == 250'000);
}

TEST_CASE("timeline: whatever comes in, what comes out increases by at least one tick") {
  std::mt19937 random{84};
  for (int round = 0; round < 200; ++round) {
    timeline t;
    std::uint32_t ts = static_cast<std::uint32_t>(random());
    mono_ns now = 0;
    std::int64_t last = -1;
    for (int i = 0; i < 200; ++i) {
      switch (random() % 8) {
        case 0:
          ts = static_cast<std::uint32_t>(random());
          break;
        case 1:
          ts -= interval;
          break;
        case 2:
          break;
        default:
          ts += interval;
      }
      now += interval_ns;
      const auto s = t.push(ts, now);
      CHECK(s.media_pts_us >= last + 1);
      last = s.media_pts_us;
    }
  }
}

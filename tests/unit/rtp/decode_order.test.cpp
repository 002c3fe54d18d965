// SPDX-License-Identifier: Apache-2.0
#include "rtp/decode_order.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "rtp/timeline.hpp"

using namespace vigie;
using rtp::decode_order;
using rtp::timeline;

TEST_SUITE_BEGIN("rtp");

TEST_CASE("decode order: without reordering pictures are decoded when they are shown") {
  decode_order order;
  for (const std::int64_t at : {0, 10, 20, 35}) CHECK(order.push(at, 10) == at);
}

TEST_CASE("decode order: times ascend, and none is later than its picture is shown") {
  decode_order order;
  order.expect(2);
  // I b b P in display: I P b b in decoding, with a reference among the b pictures.
  std::int64_t last = -100;
  for (std::int64_t gop = 0; gop < 400; gop += 40)
    for (const std::int64_t shown : {0, 30, 20, 10}) {
      const auto at = order.push(gop + shown, 10);
      CHECK(at > last);
      CHECK(at <= gop + shown);
      last = at;
    }
}

TEST_CASE("decode order: more than a stream may reorder is not expected") {
  decode_order order;
  order.expect(1000);
  CHECK(order.depth() == 16);
  std::int64_t last = -1'000'000;
  for (std::int64_t i = 0; i < 100; ++i) {
    const auto at = order.push(i * 10, 10);
    CHECK(at > last);
    last = at;
  }
  CHECK(last == (99 - 16) * 10);
}

TEST_CASE("timeline: reordered pictures keep the time they are shown at, over the wrap") {
  timeline t;
  t.expect_reordering(1);
  constexpr std::uint32_t interval = 3600;
  const std::uint32_t start = 0u - 10 * interval;
  std::vector<std::uint32_t> shown{0};
  for (std::uint32_t i = 1; i < 40; i += 2) shown.insert(shown.end(), {i + 1, i});
  std::int64_t last = -1, first_shown = 0;
  mono_ns now = 1'000'000'000;
  for (std::size_t i = 0; i < shown.size(); ++i, now += 40'000'000) {
    const auto s = t.push(start + shown[i] * interval, now);
    CHECK_FALSE(s.held);
    CHECK(s.media_pts_us > last);
    last = s.media_pts_us;
    const auto shown_at = s.media_pts_us + s.composition_us;
    if (i == 0) first_shown = shown_at;
    CHECK(shown_at - first_shown == std::int64_t{shown[i]} * 40'000);
  }
}

TEST_SUITE_END();

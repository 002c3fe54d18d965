// SPDX-License-Identifier: Apache-2.0
#include "rtp/sequence_tracker.hpp"

#include <doctest/doctest.h>

using namespace vigie::rtp;
using verdict = sequence_tracker::verdict;

TEST_SUITE_BEGIN("rtp");

TEST_CASE("sequence: in order across the wrap") {
  sequence_tracker t;
  for (std::uint32_t n = 65'530; n < 65'545; ++n) {
    const auto step = t.push(static_cast<std::uint16_t>(n));
    CHECK(step.what == verdict::in_order);
    CHECK(step.lost == 0);
  }
  CHECK(t.received() == 15);
  CHECK(t.lost() == 0);
  CHECK(t.extended_highest() == 0x10008);
}

TEST_CASE("sequence: a hole is a loss, even over the wrap") {
  sequence_tracker t;
  t.push(65'534);
  const auto step = t.push(2);
  CHECK(step.what == verdict::in_order);
  CHECK(step.lost == 3);
  CHECK(t.lost() == 3);
}

TEST_CASE("sequence: duplicates and late packets are dropped") {
  sequence_tracker t;
  t.push(10);
  t.push(12);
  CHECK(t.push(12).what == verdict::duplicate);
  CHECK(t.push(11).what == verdict::late);
  CHECK(t.push(13).what == verdict::in_order);
  CHECK(t.lost() == 1);
}

TEST_CASE("sequence: a jump forward beyond 3,000 is a restart, not a loss") {
  sequence_tracker t;
  t.push(10);
  CHECK(t.push(3010).lost == 2999);
  CHECK(t.push(6011).what == verdict::restarted);
  CHECK(t.lost() == 2999);
  CHECK(t.push(6012).what == verdict::in_order);
}

TEST_CASE("sequence: two packets in sequence far back are a restarted sender") {
  sequence_tracker t;
  t.push(5000);
  CHECK(t.push(0).what == verdict::late);
  CHECK(t.push(1).what == verdict::restarted);
  CHECK(t.push(2).what == verdict::in_order);
}

TEST_CASE("sequence: two late packets close by are not a restart") {
  sequence_tracker t;
  t.push(100);
  CHECK(t.push(90).what == verdict::late);
  CHECK(t.push(91).what == verdict::late);
  CHECK(t.push(101).what == verdict::in_order);
}

TEST_CASE("sequence: 64 late packets in a row are a restart, one in order forgives") {
  sequence_tracker t;
  t.push(1000);
  for (int i = 0; i < 63; ++i) CHECK(t.push(950).what == verdict::late);
  CHECK(t.push(1001).what == verdict::in_order);
  for (int i = 0; i < 63; ++i) CHECK(t.push(950).what == verdict::late);
  CHECK(t.push(950).what == verdict::restarted);
}

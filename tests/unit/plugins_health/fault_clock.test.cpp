// SPDX-License-Identifier: Apache-2.0
#include "camera_health/fault_clock.hpp"

#include <doctest/doctest.h>

using vigie::camera_health::fault_clock;

namespace {

constexpr std::int64_t second = 1'000'000;
const vigie::camera_health::fault_patience patience{20 * second, 3, 2, 20 * second};

}  // namespace

TEST_CASE("fault clock: a fault is told after its time and its pictures, once") {
  fault_clock clock{patience};
  CHECK_FALSE(clock.see(true, true, 0).has_value());
  CHECK_FALSE(clock.see(true, true, 10 * second).has_value());
  CHECK(clock.see(true, true, 20 * second) == true);
  CHECK_FALSE(clock.see(true, true, 30 * second).has_value());
  CHECK(clock.active());
}

TEST_CASE("fault clock: pictures a second apart must show it for the whole time") {
  fault_clock clock{patience};
  for (int s = 0; s < 20; ++s) CHECK_FALSE(clock.see(true, true, s * second).has_value());
  CHECK(clock.see(true, true, 20 * second) == true);
}

TEST_CASE("fault clock: a healthy picture in between starts the count anew") {
  fault_clock clock{patience};
  clock.see(true, true, 0);
  clock.see(true, true, 10 * second);
  clock.see(false, false, 20 * second);
  CHECK_FALSE(clock.see(true, true, 30 * second).has_value());
  CHECK_FALSE(clock.active());
}

TEST_CASE("fault clock: weak signs alone begin nothing, but keep a fault alive") {
  fault_clock clock{patience};
  for (int s = 0; s < 100; s += 10) CHECK_FALSE(clock.see(false, true, s * second).has_value());
  for (int s = 100; s <= 120; s += 10) clock.see(true, true, s * second);
  REQUIRE(clock.active());
  for (int s = 130; s < 300; s += 10) CHECK_FALSE(clock.see(false, true, s * second).has_value());
  CHECK_FALSE(clock.see(false, false, 300 * second).has_value());
  CHECK(clock.see(false, false, 310 * second) == false);
  CHECK_FALSE(clock.active());
}

TEST_CASE("fault clock: pictures that cannot tell end nothing") {
  fault_clock clock{patience};
  for (int s = 0; s <= 20; s += 10) clock.see(true, true, s * second);
  REQUIRE(clock.active());
  for (int s = 30; s < 200; s += 10) clock.hold(s * second);
  CHECK_FALSE(clock.see(false, false, 200 * second).has_value());
  CHECK(clock.active());
}

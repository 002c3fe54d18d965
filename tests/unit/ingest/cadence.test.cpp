// SPDX-License-Identifier: Apache-2.0
#include "ingest/cadence.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;

namespace {

constexpr mono_ns second = 1'000'000'000;
constexpr auto period = 250ms;
constexpr auto interval = 83ms;

}  // namespace

TEST_CASE(
    "cadence: a steady feed that nobody watches is swept once it was calm for three seconds") {
  cadence c{period};
  CHECK_FALSE(c.may_sweep(false, false, interval, 10 * second));
  CHECK_FALSE(c.may_sweep(true, false, interval, 12 * second));
  CHECK(c.may_sweep(true, false, interval, 13 * second));
}

TEST_CASE("cadence: a viewer has the feed read at once, and for a while after he left") {
  cadence c{period};
  REQUIRE(c.may_sweep(true, false, interval, 10 * second));
  CHECK_FALSE(c.may_sweep(true, true, interval, 11 * second));
  CHECK_FALSE(c.may_sweep(true, false, interval, 12 * second));
  CHECK(c.may_sweep(true, false, interval, 14 * second));
}

TEST_CASE("cadence: trouble and an empty sweep have the feed read at once") {
  cadence c{period};
  REQUIRE(c.may_sweep(true, false, interval, 10 * second));
  c.disturb(10 * second);
  CHECK_FALSE(c.may_sweep(true, false, interval, 10 * second));
  CHECK(c.may_sweep(true, false, interval, 13 * second));
  CHECK_FALSE(c.may_sweep(false, false, interval, 13 * second));
}

TEST_CASE("cadence: a camera that sends less than a picture a period is never swept") {
  cadence c{period};
  CHECK_FALSE(c.may_sweep(true, false, 200ms, 10 * second));
  CHECK_FALSE(c.may_sweep(true, false, 1s, 10 * second));
  CHECK(c.may_sweep(true, false, 180ms, 10 * second));
}

TEST_CASE("cadence: a period of zero sweeps nobody") {
  cadence c{0ms};
  CHECK_FALSE(c.may_sweep(true, false, 0ms, 10 * second));
}

TEST_CASE("cadence: after a pause of the process the last emptiness of the socket says nothing") {
  const cadence c{period};
  CHECK(c.earliest_arrival(10 * second, 10 * second + to_ns(period)) == 10 * second);
  CHECK(c.earliest_arrival(10 * second, 70 * second) == 70 * second - 2 * to_ns(period));
}

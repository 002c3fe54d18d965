// SPDX-License-Identifier: Apache-2.0
#include "control/restart_policy.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::control;
using namespace std::chrono_literals;

TEST_SUITE("control/restart_policy") {
  TEST_CASE("back-off: grows, stays between floor and ceiling, and differs from child to child") {
    seeded_random random{7};
    crash_history history;
    mono_ns now = to_ns(1s);
    std::chrono::nanoseconds longest{};
    for (int crash = 1; crash <= 50; ++crash) {
      const auto decision = on_crash(history, now, random);
      CHECK(decision.delay >= restart_floor);
      CHECK(decision.delay <= restart_ceiling);
      if (crash <= 3) CHECK(decision.delay <= 800ms);
      longest = std::max(longest, decision.delay);
      now += decision.delay.count();
    }
    CHECK(longest > 10s);
    crash_history other;
    seeded_random other_random{8};
    CHECK(on_crash(other, now, other_random).delay != on_crash(history, now, random).delay);
  }

  TEST_CASE(
      "intensity: clean start and report come with repetition, and are forgiven in a minute") {
    seeded_random random{7};
    crash_history history;
    mono_ns now = to_ns(1s);
    for (std::uint32_t crash = 1; crash <= 8; ++crash) {
      const auto decision = on_crash(history, now, random);
      CHECK(decision.clean_start == (crash > crashes_before_clean_start));
      CHECK(decision.keeps_failing == (crash > crashes_before_report));
      now += to_ns(5s);
    }
    now += to_ns(crash_memory);
    const auto later = on_crash(history, now, random);
    CHECK_FALSE(later.clean_start);
    CHECK_FALSE(later.keeps_failing);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/supervision.hpp"

#include <doctest/doctest.h>

namespace {

using namespace vigie;
using namespace vigie::plugin_host;
using namespace std::chrono_literals;

}  // namespace

TEST_CASE("supervision: the first restart comes at once, later ones back off") {
  seeded_random random{1};
  supervision judge;
  mono_ns now = 1;
  const auto first = judge.on_fault(fault::crashed, now, random);
  CHECK(first.remedy == remedy::restart);
  CHECK(first.at - now == to_ns(20ms));
  for (int n = 2; n <= 4; ++n) {
    now += to_ns(1s);
    const auto next = judge.on_fault(fault::hung, now, random);
    CHECK(next.remedy == remedy::restart);
    CHECK(next.at - now >= to_ns(20ms));
    CHECK(next.at - now <= to_ns(20ms) * (1 << n));
  }
}

TEST_CASE("supervision: a fault that leaves the instance whole is only counted") {
  seeded_random random{1};
  supervision judge;
  CHECK(judge.on_fault(fault::bad_detection, 1, random).remedy == remedy::keep);
  CHECK(judge.recent_faults(2) == 1);
  CHECK(judge.recent_faults(to_ns(61s)) == 0);
}

TEST_CASE("supervision: five faults within the minute are quarantine, each longer than the last") {
  seeded_random random{1};
  supervision judge;
  mono_ns now = 1;
  const auto quarantine = [&] {
    for (int n = 1; n < 5; ++n)
      CHECK(judge.on_fault(fault::flooded, now += to_ns(1s), random).remedy == remedy::keep);
    const auto last = judge.on_fault(fault::flooded, now += to_ns(1s), random);
    CHECK(last.remedy == remedy::quarantine);
    const auto length = last.at - now;
    now = last.at;
    return length;
  };
  CHECK(quarantine() == to_ns(300s));
  CHECK(quarantine() == to_ns(600s));
  SUBCASE("good conduct is remembered, too") {
    now += to_ns(std::chrono::hours{1});
    CHECK(quarantine() == to_ns(300s));
  }
  SUBCASE("a human's release forgives") {
    judge.release();
    CHECK(quarantine() == to_ns(300s));
  }
  SUBCASE("never longer than the ceiling") {
    for (int n = 0; n < 8; ++n) quarantine();
    CHECK(quarantine() == to_ns(std::chrono::hours{4}));
  }
}

TEST_CASE("supervision: slow faults never add up") {
  seeded_random random{1};
  supervision judge;
  mono_ns now = 1;
  for (int n = 0; n < 50; ++n)
    CHECK(judge.on_fault(fault::crashed, now += to_ns(20s), random).remedy == remedy::restart);
}

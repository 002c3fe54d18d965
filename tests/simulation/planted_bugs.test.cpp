// SPDX-License-Identifier: Apache-2.0
// A check that never fails when its protection is removed is no check: each bug planted here must
// turn a seed red.
#include <doctest/doctest.h>

#include <algorithm>

#include "simulation/chaos.hpp"
#include "simulation/invariants.hpp"
#include "simulation/world.hpp"

namespace {

using namespace vigie::simulation;
using namespace std::chrono_literals;

std::vector<std::string> chaos_breaches(world_options options) {
  options.seed = 1;
  options.sites = 3;
  options.cameras_per_site = 6;
  world w{options};
  w.advance(30s);
  run_chaos(w, options.seed, {.span = 30min});
  w.shut_down();
  return breaches(w);
}

bool any_contains(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("planted bug: without one, the seed is green") { CHECK(chaos_breaches({}).empty()); }

TEST_CASE("planted bug: a raised stall deadline is noticed") {
  CHECK(any_contains(chaos_breaches({.stall_floor = 20s}), "not seen within"));
}

TEST_CASE("planted bug: a dropped fragment is noticed") {
  CHECK(any_contains(chaos_breaches({.lose_every_nth_append = 500}), "vigie-verify"));
}

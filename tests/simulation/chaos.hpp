// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "simulation/world.hpp"

namespace vigie::simulation {

struct chaos_options {
  std::chrono::minutes span{60};
  /// Mean time between two injections, over all cameras.
  std::chrono::seconds every{20};
  bool steps_clock = true;
  bool cuts_bus = true;
};

/// Breaks cameras, sites, the clock and the bus at random instants, heals everything, and waits
/// until the slowest back-off has passed. Reproducible from `seed`.
void run_chaos(world& w, std::uint64_t seed, chaos_options options);

}  // namespace vigie::simulation

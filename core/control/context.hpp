// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "control/evidence_desk.hpp"
#include "control/ports.hpp"
#include "domain/camera_health_machine.hpp"

namespace vigie::control {

/// States are published at every change and again after this: with the second a tick takes, a state
/// on the bus is never older than 10 s.
inline constexpr std::chrono::seconds refresh_period{9};
/// The beat of a site and its cameras.
inline constexpr std::chrono::seconds site_beat{1};

/// What every actor may use. Owned by the facade, outlives the actors. [thread-safe]
struct control_context {
  publisher& publish;
  const clock& time;
  evidence_desk& desk;
  domain::health_rules rules;
  std::uint64_t seed = 1;
  std::atomic<std::uint64_t> restarts{0};
  std::atomic<std::uint64_t> contained_failures{0};

  domain::instant now() const noexcept { return {time.mono(), time.utc()}; }
  /// A seed of its own for every actor, the same in every run.
  std::uint64_t seed_for(const std::string& id) const {
    return seed ^ std::hash<std::string>{}(id);
  }
};

}  // namespace vigie::control

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "base/random.hpp"

// One-for-one restarts. A camera that keeps crashing is our bug or its data; either way it costs
// its own supervision and nobody else's, so a parent never gives up itself: it only waits longer.
namespace vigie::control {

inline constexpr std::chrono::milliseconds restart_floor{100};
inline constexpr std::chrono::seconds restart_ceiling{30};
/// So long without a crash and the past is forgiven.
inline constexpr std::chrono::seconds crash_memory{60};
/// A child that crashed so often within the memory starts from nothing: what it was given may be
/// what kills it.
inline constexpr std::uint32_t crashes_before_clean_start = 2;
/// The intensity limit: from here on the child's subject is reported as unsupervised.
inline constexpr std::uint32_t crashes_before_report = 5;

struct crash_history {
  std::uint32_t recent = 0;
  mono_ns last = 0;
};

struct restart_decision {
  std::chrono::nanoseconds delay{};  ///< exponential with full jitter, at least `restart_floor`
  bool clean_start = false;
  bool keeps_failing = false;
};

/// Counts a crash and says when and how to restart. [thread-safe]
restart_decision on_crash(crash_history& history, mono_ns now, random_source& random) noexcept;

}  // namespace vigie::control

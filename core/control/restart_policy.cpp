// SPDX-License-Identifier: Apache-2.0
#include "control/restart_policy.hpp"

#include <algorithm>

namespace vigie::control {

restart_decision on_crash(crash_history& history, mono_ns now, random_source& random) noexcept {
  if (history.recent != 0 && now - history.last > to_ns(crash_memory)) history.recent = 0;
  history.last = now;
  ++history.recent;

  const auto doublings = std::min<std::uint32_t>(history.recent, 10);
  const auto bound = std::min<mono_ns>(to_ns(restart_floor) << doublings, to_ns(restart_ceiling));
  const auto floor = to_ns(restart_floor);
  const auto jittered =
      floor + static_cast<mono_ns>(random.unit() * static_cast<double>(bound - floor));
  return {std::chrono::nanoseconds{jittered}, history.recent > crashes_before_clean_start,
          history.recent > crashes_before_report};
}

}  // namespace vigie::control

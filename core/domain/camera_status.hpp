// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "domain/camera_health.hpp"

namespace vigie::domain {

/// Everything an operator is told of one camera's health, by value.
struct camera_status {
  health_state state = health_state::starting;
  health_rung rung = health_rung::none;  ///< the highest rung proven
  health_cause cause =
      health_cause::none;  ///< what breaks the next one; none when live or starting
  /// When the present state began, dated by its evidence: of `down` the last frame before it (a new
  /// cause does not move it), of `degraded` the first evidence of its cause, of `live` the return.
  utc_us since_utc_us = 0;
  std::string detail;  ///< for the reader of a log; never a secret

  double frames_per_s = 0;
  double kbit_per_s = 0;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint64_t lost_packets = 0;
  std::optional<utc_us> last_frame_utc_us;
  std::optional<std::int64_t> clock_offset_us;  ///< camera clock minus ours
};

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "domain/local_time.hpp"

namespace vigie::domain {

/// Hours in which a commune lets the centre watch its cameras, by the clocks on its walls (M24).
/// Hours past midnight belong to the day they begin on: Friday 22:00-06:00 ends on Saturday.
struct viewing_window {
  std::uint8_t days = 0x7f;  ///< bit 0: Monday … bit 6: Sunday
  day_hours hours{};
  friend bool operator==(const viewing_window&, const viewing_window&) = default;
};

/// Whether one of `windows` is open at `now`. On the days of the clock change the wall decides: an
/// hour that comes twice is open twice, one that is left out never. [thread-safe]
bool is_open(std::span<const viewing_window> windows, utc_us now) noexcept;

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie::zone_intrusion {

/// Hours of every day on the clocks of metropolitan France, in minutes from midnight; past midnight
/// when `until` is not after `from`. A plugin's process has no time zone files.
struct hours {
  int from = 0;
  int until = 1440;
  bool contains(int minute) const noexcept {
    return from < until ? minute >= from && minute < until : minute >= from || minute < until;
  }
};

/// "22:00-06:00"; nothing for anything else.
std::optional<hours> hours_from(std::string_view text) noexcept;

/// What those clocks show at an instant (µs since 1970 UTC), 0 to 1439. Summer time from the last
/// Sunday of March to the last Sunday of October, both at 01:00 UTC (directive 2000/84/EC).
int local_minute(std::int64_t utc_us) noexcept;

}  // namespace vigie::zone_intrusion

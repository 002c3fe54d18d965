// SPDX-License-Identifier: Apache-2.0
#include "domain/viewing_window.hpp"

#include <algorithm>

namespace vigie::domain {

bool is_open(std::span<const viewing_window> windows, utc_us now) noexcept {
  const auto shown = paris_time(now);
  // C++ counts from Sunday, ISO 8601 from Monday.
  const std::chrono::weekday weekday{std::chrono::sys_days{shown.date}};
  const auto today = weekday.iso_encoding() - 1;
  const auto yesterday = (today + 6) % 7;
  return std::any_of(windows.begin(), windows.end(), [&](const viewing_window& w) {
    const auto covers = [&](unsigned day) { return (w.days >> day & 1U) != 0; };
    const auto minute = shown.minute;
    if (w.hours.from < w.hours.until)
      return covers(today) && minute >= w.hours.from && minute < w.hours.until;
    return (covers(today) && minute >= w.hours.from) ||
           (covers(yesterday) && minute < w.hours.until);
  });
}

}  // namespace vigie::domain

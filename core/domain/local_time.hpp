// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace vigie::domain {

using calendar_date = std::chrono::year_month_day;

/// What the clocks on the walls of metropolitan France show. Hours of duty and dates of acts are
/// meant so; everything stored and published stays UTC.
struct local_time {
  calendar_date date{};
  std::uint16_t minute = 0;          ///< of the day, 0 to 1439
  std::uint16_t offset_minutes = 0;  ///< ahead of UTC: 60, in summer 120
};

/// Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC
/// (directive 2000/84/EC); no time zone file is read. True for dates from 2002 on. [thread-safe]
local_time paris_time(utc_us t) noexcept;

/// The instants at which those clocks show `minute` of `date`: usually one; none in the hour that
/// the last Sunday of March leaves out; two, in order, in the hour that the last Sunday of October
/// has twice. [thread-safe]
std::vector<utc_us> instants_of(calendar_date date, std::uint16_t minute);

/// Hours of every day, from `from` up to but not including `until`, in minutes of the day. Past
/// midnight when `until` is not after `from`: 22:00-06:00. [thread-safe]
struct day_hours {
  std::uint16_t from = 0;
  std::uint16_t until = 1440;
  constexpr bool contains(std::uint16_t minute) const noexcept {
    return from < until ? minute >= from && minute < until : minute >= from || minute < until;
  }
  friend bool operator==(const day_hours&, const day_hours&) = default;
};

/// Days, both ends included; an end that is not set is open. [thread-safe]
struct date_range {
  calendar_date from{};   ///< not `ok()`: since ever
  calendar_date until{};  ///< the last day; not `ok()`: until further notice
  bool contains(calendar_date day) const noexcept {
    return (!from.ok() || from <= day) && (!until.ok() || day <= until);
  }
  bool meets(const date_range& other) const noexcept {
    return (!from.ok() || !other.until.ok() || from <= other.until) &&
           (!other.from.ok() || !until.ok() || other.from <= until);
  }
};

/// "2026-11-21". [thread-safe]
std::string to_text(calendar_date day);
/// "23:30", and "24:00" for 1440. [thread-safe]
std::string clock_text(std::uint16_t minute);
/// "22:00-06:00". [thread-safe]
std::string to_text(const day_hours& hours);

}  // namespace vigie::domain

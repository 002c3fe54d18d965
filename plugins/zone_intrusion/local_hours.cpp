// SPDX-License-Identifier: Apache-2.0
#include "zone_intrusion/local_hours.hpp"

#include <chrono>

namespace vigie::zone_intrusion {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::last;
using std::chrono::March;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::month;
using std::chrono::October;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::sys_time;
using std::chrono::year;
using std::chrono::year_month_day;

sys_seconds change_of(year y, month m) noexcept {
  return sys_days{y / m / Sunday[last]} + std::chrono::hours{1};
}

/// "HH:MM" of a day, 24:00 included.
std::optional<int> minute_from(std::string_view text) noexcept {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace

std::optional<hours> hours_from(std::string_view text) noexcept {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = minute_from(text.substr(0, 5));
  const auto until = minute_from(text.substr(6));
  if (!from || !until || *from == 1440 || *from == *until) return std::nullopt;
  return hours{*from, *until};
}

int local_minute(std::int64_t utc_us) noexcept {
  const sys_time<microseconds> at{microseconds{utc_us}};
  const year y = year_month_day{floor<days>(at)}.year();
  const bool is_summer = at >= change_of(y, March) && at < change_of(y, October);
  const auto local = at + minutes{is_summer ? 120 : 60};
  return static_cast<int>(floor<minutes>(local - floor<days>(local)).count());
}

}  // namespace vigie::zone_intrusion

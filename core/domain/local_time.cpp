// SPDX-License-Identifier: Apache-2.0
#include "domain/local_time.hpp"

#include <fmt/format.h>

namespace vigie::domain {
namespace {

using namespace std::chrono;

sys_time<microseconds> change_in(year in, month of) noexcept {
  return sys_days{in / of / Sunday[last]} + hours{1};
}

minutes ahead_of_utc(sys_time<microseconds> t) noexcept {
  const auto in = year_month_day{floor<days>(t)}.year();
  return t >= change_in(in, March) && t < change_in(in, October) ? minutes{120} : minutes{60};
}

}  // namespace

local_time paris_time(utc_us t) noexcept {
  const sys_time<microseconds> instant{microseconds{t}};
  const auto ahead = ahead_of_utc(instant);
  const auto shown = instant + ahead;
  const auto day = floor<days>(shown);
  return {year_month_day{day}, static_cast<std::uint16_t>(floor<minutes>(shown - day).count()),
          static_cast<std::uint16_t>(ahead.count())};
}

std::vector<utc_us> instants_of(calendar_date date, std::uint16_t minute) {
  std::vector<utc_us> out;
  if (!date.ok() || minute >= 1440) return out;
  // Summer time first: in the hour that comes twice it is the earlier of the two.
  for (const auto ahead : {minutes{120}, minutes{60}}) {
    const sys_time<microseconds> instant = sys_days{date} + minutes{minute} - ahead;
    if (ahead_of_utc(instant) == ahead) out.push_back(instant.time_since_epoch().count());
  }
  return out;
}

std::string to_text(calendar_date day) {
  return fmt::format("{:04}-{:02}-{:02}", int{day.year()}, unsigned{day.month()},
                     unsigned{day.day()});
}

std::string clock_text(std::uint16_t minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::string to_text(const day_hours& hours) {
  return clock_text(hours.from) + "-" + clock_text(hours.until);
}

}  // namespace vigie::domain

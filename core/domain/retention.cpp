// SPDX-License-Identifier: Apache-2.0
#include "domain/retention.hpp"

#include <algorithm>

namespace vigie::domain {
namespace {

constexpr utc_us us_per_day = 86'400'000'000;
/// Days of the longest month: more never counts, and must not overflow.
constexpr std::uint32_t longest_month_days = 31;

utc_us one_month_after(utc_us captured) noexcept {
  const auto day = day_of(captured);
  const auto time_of_day = captured - start_of(day);
  const auto month =
      std::chrono::year_month{std::chrono::year{day.year}, std::chrono::month{day.month}} +
      std::chrono::months{1};
  const std::chrono::year_month_day_last last{month.year(),
                                              std::chrono::month_day_last{month.month()}};
  const auto clamped = std::min(day.day, static_cast<std::uint32_t>(unsigned{last.day()}));
  return start_of({static_cast<int>(month.year()), unsigned{month.month()}, clamped}) + time_of_day;
}

}  // namespace

utc_us expiry_of(utc_us captured, std::uint32_t authorised_days) noexcept {
  const auto days = std::min(authorised_days, longest_month_days);
  return std::min(captured + utc_us{days} * us_per_day, one_month_after(captured));
}

bool is_expired(utc_us captured, std::uint32_t authorised_days, utc_us now) noexcept {
  return now >= expiry_of(captured, authorised_days);
}

}  // namespace vigie::domain

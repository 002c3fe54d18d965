// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.hpp"

#include <fmt/format.h>

namespace vigie {
namespace {

/// Reads exactly `digits` decimal digits at `pos`; moves `pos` past them.
std::optional<int> digits_at(std::string_view text, std::size_t& pos, std::size_t digits) {
  if (pos + digits > text.size()) return {};
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  pos += digits;
  return value;
}

bool literal_at(std::string_view text, std::size_t& pos, char c) {
  if (pos >= text.size() || text[pos] != c) return false;
  ++pos;
  return true;
}

std::optional<utc_day> read_day(std::string_view text, std::size_t& pos) {
  const auto year = digits_at(text, pos, 4);
  if (!year || !literal_at(text, pos, '-')) return {};
  const auto month = digits_at(text, pos, 2);
  if (!month || !literal_at(text, pos, '-')) return {};
  const auto day = digits_at(text, pos, 2);
  if (!day) return {};
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return {};
  return utc_day{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
}

}  // namespace

std::string to_text(utc_day d) { return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day); }

std::optional<utc_day> day_from_text(std::string_view text) {
  std::size_t pos = 0;
  const auto day = read_day(text, pos);
  if (pos != text.size()) return {};
  return day;
}

std::string to_rfc3339(utc_us t) {
  const auto day = day_of(t);
  const auto ms = (t - start_of(day)) / 1000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_text(day), ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

std::optional<utc_us> from_rfc3339(std::string_view text) {
  std::size_t pos = 0;
  const auto day = read_day(text, pos);
  if (!day || !literal_at(text, pos, 'T')) return {};
  const auto hour = digits_at(text, pos, 2);
  if (!hour || *hour > 23 || !literal_at(text, pos, ':')) return {};
  const auto minute = digits_at(text, pos, 2);
  if (!minute || *minute > 59 || !literal_at(text, pos, ':')) return {};
  const auto second = digits_at(text, pos, 2);
  if (!second || *second > 59) return {};
  std::int64_t fraction_us = 0;
  if (literal_at(text, pos, '.')) {
    std::int64_t weight = 100'000;
    std::size_t count = 0;
    for (; count < 6; ++count, weight /= 10) {
      const auto digit = digits_at(text, pos, 1);
      if (!digit) break;
      fraction_us += *digit * weight;
    }
    if (count == 0) return {};
  }
  if (!literal_at(text, pos, 'Z') || pos != text.size()) return {};
  return start_of(*day) + ((std::int64_t{*hour} * 60 + *minute) * 60 + *second) * 1'000'000 +
         fraction_us;
}

}  // namespace vigie

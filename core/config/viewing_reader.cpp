// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};

std::optional<unsigned> day_of(std::string_view name) {
  const auto found = std::find(day_names.begin(), day_names.end(), name);
  if (found == day_names.end()) return std::nullopt;
  return static_cast<unsigned>(found - day_names.begin());
}

/// "mon-fri", "sat,sun", "fri-mon": bits from Monday.
std::optional<std::uint8_t> days_of(std::string_view text) {
  unsigned days = 0;
  while (true) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    const auto dash = part.find('-');
    const auto first = day_of(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(part.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    for (auto day = *first;; day = (day + 1) % 7) {
      days |= 1U << day;
      if (day == *last) break;
    }
    if (comma == std::string_view::npos) return static_cast<std::uint8_t>(days);
    text.remove_prefix(comma + 1);
  }
}

/// "20:00-06:00" of every day, or "mon-fri 20:00-06:00".
std::optional<domain::viewing_window> window_of(std::string_view text) {
  domain::viewing_window window;
  if (const auto space = text.find(' '); space != std::string_view::npos) {
    const auto days = days_of(text.substr(0, space));
    if (!days) return std::nullopt;
    window.days = *days;
    text.remove_prefix(space + 1);
  }
  const auto hours = hours_of(text);
  if (!hours) return std::nullopt;
  window.hours = *hours;
  return window;
}

}  // namespace

void read_viewing(table_reader& table, const reading& context, domain::commune_entry& out) {
  if (const auto list = table.texts("viewing_hours")) {
    auto& windows = out.viewing_windows.emplace();
    for (const auto& text : list->value) {
      if (const auto window = window_of(text.value))
        windows.push_back(*window);
      else
        context.log.add(text.at, fmt::format("\"{}\" are no hours of a week", text.value),
                        "write \"20:00-06:00\" or \"mon-fri 20:00-06:00\", local time; an empty "
                        "list if the centre only records");
    }
  }
  if (const auto exception = table.flag("viewing_on_alarm")) {
    out.has_alarm_exception = exception->value;
    if (exception->value && !out.viewing_windows)
      context.log.add(exception->at, "viewing_on_alarm without viewing_hours",
                      "remove it: without viewing_hours the centre may watch at any time");
  }
}

}  // namespace vigie::config::detail

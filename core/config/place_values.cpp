// SPDX-License-Identifier: Apache-2.0
// Dates, points and areas of a table.
#include <chrono>
#include <cmath>

#include "config/detail/table_reader.hpp"

namespace vigie::config::detail {
namespace {

std::optional<double> number_of(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return static_cast<double>(whole->get());
  if (const auto* decimal = node.as_floating_point()) return decimal->get();
  return std::nullopt;
}

/// Latitude first: a pair the other way round is often no latitude at all, and always far away.
std::optional<domain::position> position_of(const toml::node& node) {
  const auto* const pair = node.as_array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const auto latitude = number_of(*pair->get(0));
  const auto longitude = number_of(*pair->get(1));
  if (!latitude || !longitude || !(std::abs(*latitude) <= 90) || !(std::abs(*longitude) <= 180))
    return std::nullopt;
  return domain::position{*latitude, *longitude};
}

}  // namespace

std::optional<written<domain::calendar_date>> table_reader::date(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* const value = node->as_date();
  if (value == nullptr) {
    wrong_type(*node, key, "a date", std::string{key} + " = 2026-01-31, without quotes");
    return std::nullopt;
  }
  const auto& d = value->get();
  return written<domain::calendar_date>{{std::chrono::year{static_cast<int>(d.year)},
                                         std::chrono::month{d.month}, std::chrono::day{d.day}},
                                        place_of(node->source())};
}

std::optional<written<utc_us>> table_reader::instant(std::string_view key, bool is_end) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  using namespace std::chrono;
  const auto day_of = [](const toml::date& d) {
    return year_month_day{year{static_cast<int>(d.year)}, month{d.month}, day{d.day}};
  };
  std::optional<utc_us> at;
  if (const auto* const date = node->as_date(); date != nullptr && day_of(date->get()).ok()) {
    const sys_days first{day_of(date->get())};
    const auto found = domain::instants_of(year_month_day{is_end ? first + days{1} : first}, 0);
    if (!found.empty()) at = found.front();
  } else if (const auto* const exact = node->as_date_time();
             exact != nullptr && exact->get().offset && day_of(exact->get().date).ok()) {
    const auto& t = exact->get().time;
    const auto since = sys_days{day_of(exact->get().date)}.time_since_epoch() + hours{t.hour} +
                       minutes{t.minute - exact->get().offset->minutes} + seconds{t.second};
    at = duration_cast<microseconds>(since).count() + t.nanosecond / 1000;
  }
  if (!at) {
    wrong_type(*node, key, "a date, or a time with its offset",
               std::string{key} + " = 2026-01-31 or 2026-01-31T12:00:00Z, without quotes");
    return std::nullopt;
  }
  return written<utc_us>{*at, place_of(node->source())};
}

std::optional<written<domain::position>> table_reader::point(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto at = position_of(*node);
  if (!at) {
    wrong_type(*node, key, "a latitude and a longitude", std::string{key} + " = [49.03, 2.06]");
    return std::nullopt;
  }
  return written<domain::position>{*at, place_of(node->source())};
}

std::optional<written<domain::polygon>> table_reader::polygon(std::string_view key) {
  const toml::node* const node = ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* const list = node->as_array();
  written<domain::polygon> out{{}, place_of(node->source())};
  if (list != nullptr)
    for (const toml::node& item : *list)
      if (const auto at = position_of(item)) out.value.push_back(*at);
  if (list == nullptr || out.value.size() != list->size()) {
    wrong_type(
        *node, key, "a list of corners",
        std::string{key} + " = [[49.0, 2.0], [49.0, 2.1], [49.1, 2.1]]: latitude, longitude");
    return std::nullopt;
  }
  return out;
}

}  // namespace vigie::config::detail

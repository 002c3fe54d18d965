// SPDX-License-Identifier: Apache-2.0
#include "domain/purpose.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::domain {

namespace {

using namespace std::string_view_literals;

constexpr std::array purpose_names{
    std::pair{purpose::public_buildings_protection, "public_buildings_protection"sv},
    std::pair{purpose::national_defence_installations, "national_defence_installations"sv},
    std::pair{purpose::transport_flow_regulation, "transport_flow_regulation"sv},
    std::pair{purpose::traffic_offence_recording, "traffic_offence_recording"sv},
    std::pair{purpose::persons_and_property_safety, "persons_and_property_safety"sv},
    std::pair{purpose::terrorism_prevention, "terrorism_prevention"sv},
    std::pair{purpose::natural_technological_risk_prevention,
              "natural_technological_risk_prevention"sv},
    std::pair{purpose::rescue_and_fire, "rescue_and_fire"sv},
    std::pair{purpose::amusement_park_safety, "amusement_park_safety"sv},
    std::pair{purpose::motor_insurance_obligation, "motor_insurance_obligation"sv},
    std::pair{purpose::waste_dumping_offences, "waste_dumping_offences"sv},
    std::pair{purpose::open_to_public_safety, "open_to_public_safety"sv},
};

constexpr std::array regime_names{
    std::pair{regime::public_road, "public_road"sv},
    std::pair{regime::open_to_public, "open_to_public"sv},
    std::pair{regime::not_open_to_public, "not_open_to_public"sv},
    std::pair{regime::shop_frontage, "shop_frontage"sv},
};

template <class Table, class Value>
std::string_view find_name(const Table& table, Value value) noexcept {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == value; });
  return found == table.end() ? std::string_view{} : found->second;
}

template <class Table>
auto find_value(const Table& table, std::string_view name) noexcept
    -> std::optional<decltype(table.front().first)> {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.second == name; });
  if (found == table.end()) return std::nullopt;
  return found->first;
}

}  // namespace

std::string_view name_of(purpose p) noexcept { return find_name(purpose_names, p); }
std::string_view name_of(regime r) noexcept { return find_name(regime_names, r); }
std::optional<purpose> purpose_from(std::string_view name) noexcept {
  return find_value(purpose_names, name);
}
std::optional<regime> regime_from(std::string_view name) noexcept {
  return find_value(regime_names, name);
}

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#include "domain/legal_basis.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace vigie::domain {
namespace {

using namespace std::string_view_literals;

constexpr std::array event_words{
    std::pair{authorised_event::abandoned_object, "abandoned_object"sv},
    std::pair{authorised_event::weapon, "weapon"sv},
    std::pair{authorised_event::wrong_way, "wrong_way"sv},
    std::pair{authorised_event::forbidden_zone, "forbidden_zone"sv},
    std::pair{authorised_event::person_down, "person_down"sv},
    std::pair{authorised_event::crowd_movement, "crowd_movement"sv},
    std::pair{authorised_event::density, "density"sv},
    std::pair{authorised_event::fire, "fire"sv},
};

constexpr std::array controller_words{
    std::pair{controller_kind::national_police, "national_police"sv},
    std::pair{controller_kind::gendarmerie, "gendarmerie"sv},
    std::pair{controller_kind::fire_service, "fire_service"sv},
    std::pair{controller_kind::municipal_police, "municipal_police"sv},
    std::pair{controller_kind::sncf_security, "sncf_security"sv},
    std::pair{controller_kind::ratp_security, "ratp_security"sv},
    std::pair{controller_kind::commune, "commune"sv},
    std::pair{controller_kind::epci, "epci"sv},
    std::pair{controller_kind::department, "department"sv},
    std::pair{controller_kind::joint_authority, "joint_authority"sv},
};

template <class Table, class Value>
std::string_view word_of(const Table& table, Value value) noexcept {
  for (const auto& [known, word] : table)
    if (known == value) return word;
  return {};
}

template <class Table>
auto value_of(const Table& table, std::string_view word) noexcept
    -> std::optional<decltype(table.front().first)> {
  for (const auto& [value, known] : table)
    if (known == word) return value;
  return std::nullopt;
}

template <class Table>
std::vector<std::string_view> words_of(const Table& table) {
  std::vector<std::string_view> out;
  for (const auto& row : table) out.push_back(row.second);
  return out;
}

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string_view name_of(authorised_event e) noexcept { return word_of(event_words, e); }
std::optional<authorised_event> authorised_event_from(std::string_view name) noexcept {
  return value_of(event_words, name);
}
std::vector<std::string_view> authorised_event_names() { return words_of(event_words); }

std::string_view name_of(controller_kind k) noexcept { return word_of(controller_words, k); }
std::optional<controller_kind> controller_kind_from(std::string_view name) noexcept {
  return value_of(controller_words, name);
}
std::vector<std::string_view> controller_kind_names() { return words_of(controller_words); }

bool covers(const legal_basis& basis, const commune_id& commune, const camera_id& camera) {
  return holds(basis.communes, commune) || holds(basis.cameras, camera);
}

std::vector<permission> permissions_of(const std::vector<legal_basis>& bases, utc_us now) {
  std::vector<permission> out;
  for (const auto& basis : bases) {
    if (!basis.is_enabled || basis.valid_until <= now) continue;
    std::vector<std::string> places;
    for (const auto& commune : basis.communes) places.push_back("commune " + commune.str());
    for (const auto& camera : basis.cameras) places.push_back("camera " + camera.str());
    for (const auto event : basis.events)
      for (const auto controller : basis.controllers)
        for (const auto& place : places)
          out.push_back({basis.id, event, controller, place, basis.valid_from, basis.valid_until});
  }
  std::sort(out.begin(), out.end());
  return out;
}

basis_change compare(const std::vector<legal_basis>& before, const std::vector<legal_basis>& after,
                     utc_us now) {
  const auto old_ones = permissions_of(before, now);
  const auto new_ones = permissions_of(after, now);
  basis_change change;
  std::set_difference(new_ones.begin(), new_ones.end(), old_ones.begin(), old_ones.end(),
                      std::back_inserter(change.opened));
  std::set_difference(old_ones.begin(), old_ones.end(), new_ones.begin(), new_ones.end(),
                      std::back_inserter(change.closed));
  return change;
}

}  // namespace vigie::domain

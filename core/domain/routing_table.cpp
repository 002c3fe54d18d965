// SPDX-License-Identifier: Apache-2.0
#include "domain/routing_table.hpp"

#include <algorithm>
#include <array>

namespace vigie::domain {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerators, which count from 1.
constexpr std::array force_words{"police"sv, "gendarmerie"sv};
constexpr std::array kind_words{"police"sv, "gendarmerie"sv, "fire_rescue"sv, "municipal_police"sv,
                                "mayor"sv,  "guarding"sv,    "contractor"sv};
constexpr std::array type_words{"intrusion"sv,     "assault"sv,       "theft"sv,
                                "damage"sv,        "disturbance"sv,   "panic_alarm"sv,
                                "waste_dumping"sv, "road_accident"sv, "fire"sv,
                                "flood"sv,         "rescue"sv,        "technical_fault"sv};

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) noexcept {
  const auto at = static_cast<std::size_t>(value) - 1;
  return at < words.size() ? words[at] : std::string_view{};
}

template <class Value, class Words>
std::optional<Value> value_of(const Words& words, std::string_view name) noexcept {
  const auto found = std::find(words.begin(), words.end(), name);
  if (found == words.end()) return std::nullopt;
  return static_cast<Value>(found - words.begin() + 1);
}

template <class Words>
std::vector<std::string_view> all_of(const Words& words) {
  return {words.begin(), words.end()};
}

}  // namespace

std::string_view name_of(state_force f) noexcept { return word_of(force_words, f); }
std::string_view name_of(recipient_kind k) noexcept { return word_of(kind_words, k); }
std::string_view name_of(incident_type t) noexcept { return word_of(type_words, t); }
std::optional<state_force> state_force_from(std::string_view name) noexcept {
  return value_of<state_force>(force_words, name);
}
std::optional<recipient_kind> recipient_kind_from(std::string_view name) noexcept {
  return value_of<recipient_kind>(kind_words, name);
}
std::optional<incident_type> incident_type_from(std::string_view name) noexcept {
  return value_of<incident_type>(type_words, name);
}
std::vector<std::string_view> state_force_names() { return all_of(force_words); }
std::vector<std::string_view> recipient_kind_names() { return all_of(kind_words); }
std::vector<std::string_view> incident_type_names() { return all_of(type_words); }

bool needs_force(incident_type t) noexcept { return t <= incident_type::road_accident; }
bool needs_rescue(incident_type t) noexcept {
  return t >= incident_type::road_accident && t <= incident_type::rescue;
}

std::vector<incident_type> usual_types(recipient_kind kind) {
  std::vector<incident_type> out;
  for (std::size_t i = 1; i <= type_words.size(); ++i) {
    const auto type = static_cast<incident_type>(i);
    bool is_usual = false;
    switch (kind) {
      case recipient_kind::police:
      case recipient_kind::gendarmerie:
      case recipient_kind::municipal_police:
        is_usual = needs_force(type);
        break;
      case recipient_kind::fire_rescue:
        is_usual = needs_rescue(type);
        break;
      case recipient_kind::contractor:
        is_usual = type == incident_type::technical_fault;
        break;
      case recipient_kind::mayor:
      case recipient_kind::guarding:
        break;
    }
    if (is_usual) out.push_back(type);
  }
  return out;
}

bool contradict(const jurisdiction_zone& a, const jurisdiction_zone& b) noexcept {
  if (a.force == b.force || a.commune != b.commune || !a.valid.meets(b.valid)) return false;
  if (a.area.empty() != b.area.empty()) return false;  // a part goes before the whole
  return a.area.empty() || overlap(a.area, b.area);
}

}  // namespace vigie::domain

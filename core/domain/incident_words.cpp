// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_words.hpp"

#include "domain/word_list.hpp"

namespace vigie::domain {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerators, which count from 1.
constexpr std::array kind_words{"panic"sv,       "fire"sv,          "assault"sv, "rescue"sv,
                                "intrusion"sv,   "theft"sv,         "flood"sv,   "road_accident"sv,
                                "disturbance"sv, "waste_dumping"sv, "damage"sv,  "tampering"sv,
                                "site_outage"sv, "camera_outage"sv, "other"sv};
constexpr std::array recipient_words{
    "national_police_cic"sv,   "gendarmerie_corg"sv, "fire_rescue_cta"sv, "samu_15"sv,
    "municipal_police"sv,      "mayor_on_call"sv,    "site_manager"sv,    "guarding_company"sv,
    "maintenance_contractor"sv};
static_assert(kind_words.size() == static_cast<std::size_t>(incident_kind::other));
static_assert(recipient_words.size() ==
              static_cast<std::size_t>(recipient_kind::maintenance_contractor));

}  // namespace

std::string_view name_of(incident_kind k) noexcept { return words::name_of(kind_words, k); }
std::string_view name_of(recipient_kind k) noexcept { return words::name_of(recipient_words, k); }
std::optional<incident_kind> incident_kind_from(std::string_view name) noexcept {
  return words::value_of<incident_kind>(kind_words, name);
}
std::optional<recipient_kind> recipient_kind_from(std::string_view name) noexcept {
  return words::value_of<recipient_kind>(recipient_words, name);
}
std::vector<std::string_view> incident_kind_names() { return words::all_of(kind_words); }
std::vector<std::string_view> recipient_kind_names() { return words::all_of(recipient_words); }

bool needs_force(incident_kind k) noexcept {
  switch (k) {
    case incident_kind::fire:
    case incident_kind::rescue:
    case incident_kind::flood:
    case incident_kind::site_outage:
    case incident_kind::camera_outage:
      return false;
    case incident_kind::panic:
    case incident_kind::assault:
    case incident_kind::intrusion:
    case incident_kind::theft:
    case incident_kind::road_accident:
    case incident_kind::disturbance:
    case incident_kind::waste_dumping:
    case incident_kind::damage:
    case incident_kind::tampering:
    case incident_kind::other:
      break;
  }
  return true;
}

bool needs_rescue(incident_kind k) noexcept {
  return k == incident_kind::fire || k == incident_kind::rescue || k == incident_kind::flood ||
         k == incident_kind::road_accident;
}

bool needs_repair(incident_kind k) noexcept {
  return k == incident_kind::tampering || k == incident_kind::site_outage ||
         k == incident_kind::camera_outage;
}

std::vector<incident_kind> usual_kinds(recipient_kind who) {
  bool (*is_usual)(incident_kind) noexcept = nullptr;
  switch (who) {
    case recipient_kind::national_police_cic:
    case recipient_kind::gendarmerie_corg:
    case recipient_kind::municipal_police:
      is_usual = needs_force;
      break;
    case recipient_kind::fire_rescue_cta:
      is_usual = needs_rescue;
      break;
    case recipient_kind::samu_15:
      is_usual = [](incident_kind k) noexcept {
        return k == incident_kind::rescue || k == incident_kind::road_accident;
      };
      break;
    case recipient_kind::maintenance_contractor:
      is_usual = needs_repair;
      break;
    case recipient_kind::mayor_on_call:
    case recipient_kind::site_manager:
    case recipient_kind::guarding_company:
      return {};
  }
  std::vector<incident_kind> out;
  for (std::size_t i = 1; i <= kind_words.size(); ++i)
    if (const auto kind = static_cast<incident_kind>(i); is_usual != nullptr && is_usual(kind))
      out.push_back(kind);
  return out;
}

}  // namespace vigie::domain

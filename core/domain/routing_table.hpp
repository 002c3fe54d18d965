// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "domain/incident_words.hpp"
#include "domain/local_time.hpp"
#include "domain/territory.hpp"

namespace vigie::domain {

/// The State force a place belongs to: zone police or zone gendarmerie.
enum class state_force : std::uint8_t { police = 1, gendarmerie };

/// [thread-safe], all of them
std::string_view name_of(state_force f) noexcept;
std::optional<state_force> state_force_from(std::string_view name) noexcept;
std::vector<std::string_view> state_force_names();

/// One line of the centre's zones: a commune, or a part of one, and its force for some time.
struct jurisdiction_zone {
  commune_id commune;
  state_force force = state_force::police;
  date_range valid;
  polygon area;            ///< empty: the whole commune, but for its parts
  std::uint32_t line = 0;  ///< where it is declared
};

/// The commune's dated act by which its municipal police may be told (LEG-04, LEG-05).
struct police_permission {
  std::string act;  ///< its reference
  calendar_date signed_on{};
  date_range valid;
  std::string night_clause;  ///< of the coordination convention; empty: 6 h to 23 h (CSI L512-6)
  std::uint32_t line = 0;
};

struct recipient_entry {
  std::string id;
  recipient_kind kind = recipient_kind::national_police_cic;
  std::string name;
  std::string notifier;              ///< id of the plugin that reaches it
  std::string notifier_recipient;    ///< as that plugin calls it
  std::vector<commune_id> communes;  ///< empty: all of the centre
  polygon area;                      ///< of these, empty: all
  std::vector<day_hours> hours;      ///< empty: always; local time
  std::vector<incident_kind> kinds;  ///< of incidents that it is told of
  std::optional<police_permission> permission;
  std::uint32_t line = 0;
};

/// What decides who is told, as the configuration declares it.
struct routing_table {
  std::vector<jurisdiction_zone> zones;
  std::vector<recipient_entry> recipients;
  std::map<camera_id, position> positions;  ///< of cameras that have one
};

/// Two zones that give one place to two forces at one time. [thread-safe]
bool contradict(const jurisdiction_zone& a, const jurisdiction_zone& b) noexcept;

/// The hours of municipal police without a clause of the coordination convention (CSI L512-6).
inline constexpr day_hours municipal_police_day{6 * 60, 23 * 60};

}  // namespace vigie::domain

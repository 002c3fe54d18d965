// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "domain/local_time.hpp"
#include "domain/territory.hpp"

namespace vigie::domain {

/// The State force a place belongs to: zone police or zone gendarmerie.
enum class state_force : std::uint8_t { police = 1, gendarmerie };

/// Who can be told of an incident, in the order in which they are told; rescue comes before them
/// all when it is needed.
enum class recipient_kind : std::uint8_t {
  police = 1,
  gendarmerie,
  fire_rescue,
  municipal_police,
  mayor,
  guarding,
  contractor,
};

/// What happened, as an operator names it.
enum class incident_type : std::uint8_t {
  intrusion = 1,
  assault,
  theft,
  damage,
  disturbance,
  panic_alarm,
  waste_dumping,
  road_accident,
  fire,
  flood,
  rescue,
  technical_fault,
};

/// [thread-safe], all of them
std::string_view name_of(state_force f) noexcept;
std::string_view name_of(recipient_kind k) noexcept;
std::string_view name_of(incident_type t) noexcept;
std::optional<state_force> state_force_from(std::string_view name) noexcept;
std::optional<recipient_kind> recipient_kind_from(std::string_view name) noexcept;
std::optional<incident_type> incident_type_from(std::string_view name) noexcept;
std::vector<std::string_view> state_force_names();
std::vector<std::string_view> recipient_kind_names();
std::vector<std::string_view> incident_type_names();

/// The incident calls for police or gendarmerie; for fire and rescue. A road accident for both, a
/// technical fault for neither.
bool needs_force(incident_type t) noexcept;
bool needs_rescue(incident_type t) noexcept;

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
  recipient_kind kind = recipient_kind::police;
  std::string name;
  std::string notifier;              ///< id of the plugin that reaches it
  std::string notifier_recipient;    ///< as that plugin calls it
  std::vector<commune_id> communes;  ///< empty: all of the centre
  polygon area;                      ///< of these, empty: all
  std::vector<day_hours> hours;      ///< empty: always; local time
  std::vector<incident_type> types;  ///< that it is told of
  std::optional<police_permission> permission;
  std::uint32_t line = 0;
};

/// What decides who is told, as the configuration declares it.
struct routing_table {
  std::vector<jurisdiction_zone> zones;
  std::vector<recipient_entry> recipients;
  std::map<camera_id, position> positions;  ///< of cameras that have one
};

/// What a kind is told of unless its line says otherwise: forces and municipal police what calls
/// for a force, fire and rescue what calls for rescue, a contractor technical faults; mayor and
/// guarding company nothing, their standing instruction says it. [thread-safe]
std::vector<incident_type> usual_types(recipient_kind kind);

/// Two zones that give one place to two forces at one time. [thread-safe]
bool contradict(const jurisdiction_zone& a, const jurisdiction_zone& b) noexcept;

/// The hours of municipal police without a clause of the coordination convention (CSI L512-6).
inline constexpr day_hours municipal_police_day{6 * 60, 23 * 60};

}  // namespace vigie::domain

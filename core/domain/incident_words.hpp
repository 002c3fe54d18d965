// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// The two closed lists that incidents, routing, configuration and bus have in common: what happens,
// and who can be told.
namespace vigie::domain {

/// What is said to happen. Data of the centre decides nothing here but priority and grouping.
enum class incident_kind : std::uint8_t {
  panic = 1,  ///< somebody pressed a button
  fire,
  assault,
  rescue,
  intrusion,
  theft,
  flood,
  road_accident,
  disturbance,
  waste_dumping,
  damage,
  tampering,  ///< a camera covered, moved or cut
  site_outage,
  camera_outage,
  other,
};

/// Who can be told, in the order in which they are told; rescue comes before them all when it is
/// needed.
enum class recipient_kind : std::uint8_t {
  national_police_cic = 1,
  gendarmerie_corg,
  fire_rescue_cta,
  samu_15,
  municipal_police,
  mayor_on_call,
  site_manager,
  guarding_company,
  maintenance_contractor,
};

/// [thread-safe], all of them
std::string_view name_of(incident_kind k) noexcept;
std::string_view name_of(recipient_kind k) noexcept;
std::optional<incident_kind> incident_kind_from(std::string_view name) noexcept;
std::optional<recipient_kind> recipient_kind_from(std::string_view name) noexcept;
std::vector<std::string_view> incident_kind_names();
std::vector<std::string_view> recipient_kind_names();

/// The incident calls for police or gendarmerie; for fire and rescue; for somebody who mends. A
/// road accident calls for both of the first, a camera that was tampered with for the first and the
/// last, an outage for the last alone.
bool needs_force(incident_kind k) noexcept;
bool needs_rescue(incident_kind k) noexcept;
bool needs_repair(incident_kind k) noexcept;

/// What a recipient is told of unless its line says otherwise: forces and municipal police what
/// calls for a force, fire and rescue what calls for rescue, a contractor what wants mending;
/// mayor, site manager and guarding company nothing, their standing instruction says it.
/// [thread-safe]
std::vector<incident_kind> usual_kinds(recipient_kind who);

}  // namespace vigie::domain

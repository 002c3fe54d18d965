// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/incident_refusal.hpp"

namespace vigie::domain {

/// What a person is in the centre.
enum class centre_role : std::uint8_t {
  video_operator = 1,
  room_chief,  ///< chef de salle
  supervisor,
  maintenance_technician,
  privacy_officer,
  auditor,
  mayor,
  requisition_clerk,
  plugin_administrator,
};

/// The préfet's approval to view images (agrément, LEG-02).
struct viewing_approval {
  std::string department;  ///< "95", "2a", "974"; the communes whose INSEE code opens with it
  utc_us valid_from_utc_us = 0;
  utc_us valid_until_utc_us = 0;  ///< exclusive
  bool is_suspended = false;      ///< at once, in an emergency
  friend bool operator==(const viewing_approval&, const viewing_approval&) = default;
};

/// One person as the centre knows them, at the moment of an act.
struct duty_person {
  std::string name;  ///< as the channel authenticates it
  centre_role role = centre_role::video_operator;
  bool is_on_duty = false;
  std::optional<viewing_approval> approval;
  std::vector<commune_id> communes;  ///< whose incidents this person handles; none by default
};

using duty_roster = std::span<const duty_person>;

/// The person of that name; nullptr when the centre knows none. [thread-safe]
const duty_person* find_person(duty_roster people, std::string_view name) noexcept;

/// What keeps `person` from handling incidents of `commune` now; empty: nothing does. Only
/// operators and room chiefs handle incidents, on duty, with a valid approval of the commune's
/// department (LEG-02). [thread-safe]
std::optional<refusal_kind> duty_obstacle(const duty_person& person, const commune_id& commune,
                                          utc_us now) noexcept;

}  // namespace vigie::domain

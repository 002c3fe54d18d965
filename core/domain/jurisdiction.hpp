// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "domain/routing_table.hpp"

namespace vigie::domain {

/// Where an incident is.
struct incident_place {
  commune_id commune;
  std::optional<domain::position> position;
};

/// The force of a place at an instant, and what says so.
struct force_answer {
  std::optional<state_force> force;  ///< empty: unknown, the operator chooses
  std::string why;
  std::uint32_t line = 0;  ///< of the zone that decided; 0: none did
};

/// What one recipient's lot is, and why.
enum class routing_ground : std::uint8_t {
  told = 1,
  elsewhere,      ///< another commune, or another part of it
  not_concerned,  ///< not told of such incidents
  other_force,    ///< the place belongs to the other force, or nobody knows to which
  no_permission,  ///< municipal police without the commune's act in force
  closed,         ///< outside its hours
};

struct routing_verdict {
  const recipient_entry* who = nullptr;  ///< of the table that was asked
  routing_ground ground = routing_ground::told;
  std::string rule;        ///< "LEG-05" when the law decides, else empty
  std::string why;         ///< one sentence without its full stop
  std::uint32_t line = 0;  ///< of the configuration that decided
};

/// Who is told of an incident. Advice to a human: nothing is sent from here.
struct routing {
  local_time when;
  force_answer zone;
  std::vector<routing_verdict> told;     ///< in the order in which they are told
  std::vector<routing_verdict> refused;  ///< considered and left out, in the table's order
  /// Why the operator has to choose somebody: unknown zone, or nobody left for what is needed.
  std::vector<std::string> operator_chooses;
};

/// The force a place belongs to. A part of a commune goes before the whole; a place on the border
/// of two forces, or without a position in a commune of two forces, is unknown. (M7) [thread-safe]
force_answer force_at(const routing_table& table, const incident_place& place, calendar_date day);

/// Who is told of an incident at `place` at instant `at`. Municipal police only with its own
/// commune's permission in force on that day, inside its territory and its hours (LEG-04, LEG-05:
/// CSI R253-3, L252-3; hours CSI L512-6). The verdicts point into `table`. [thread-safe]
routing route(const routing_table& table, const incident_place& place, incident_kind type,
              utc_us at);

/// Who may be chosen for this incident: who is told, and where the zone is unknown the forces of
/// either zone, since then the operator has to choose (M7). Each kind once. [thread-safe]
std::vector<recipient_kind> open_recipients(const routing& answer);
/// The recipient of that kind that goes first; nullptr when none is open. Points into the table.
const recipient_entry* chosen_recipient(const routing& answer, recipient_kind kind) noexcept;

}  // namespace vigie::domain

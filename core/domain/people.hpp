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
#include "domain/access_refusal.hpp"
#include "domain/duty.hpp"

namespace vigie::domain {

/// What people do at the centre, as far as not everybody may.
enum class act : std::uint8_t {
  read_states = 1,  ///< health of cameras and what happened, of one's own communes
  read_incidents,   ///< the alarms of one's own communes
  handle_incident,  ///< claim, verdict, note, notification
  view_live,        ///< images as they come
  view_replay,      ///< recorded images
  set_own_duty,     ///< come on duty, go off duty
  read_people,      ///< who may do what, who is on duty
  suspend_person,   ///< at once, in an emergency (LEG-02)
  manage_people,    ///< add, approve, restore
  read_sessions,    ///< who watches, or watched, what
  end_session,      ///< somebody else's
  read_journal,     ///< LEG-33
  read_plugins,
  administer_plugins,
  exercise_notifier,
  read_proposals,
  propose_change,  ///< of what takes two people: see two_person.hpp
  confirm_change,
};
inline constexpr int last_act = static_cast<int>(act::confirm_change);
inline constexpr int last_role = static_cast<int>(centre_role::plugin_administrator);

std::string_view name_of(centre_role r) noexcept;
std::string_view name_of(act a) noexcept;
std::optional<centre_role> role_from(std::string_view name) noexcept;

/// Whether the role includes the act at all. Default deny: what the table does not list is not
/// allowed to anybody. [thread-safe]
bool role_may(centre_role r, act a) noexcept;
/// Roles that see images as agents of the centre: on duty only, and with the préfet's approval
/// (LEG-02). A mayor sees those of the own commune by LEG-04, without one. [thread-safe]
bool needs_approval(centre_role r) noexcept;

/// One person of the register.
struct person {
  std::string name;  ///< signs in with it; an id
  std::string full_name;
  centre_role role = centre_role::video_operator;
  bool is_suspended = false;  ///< does not sign in, does nothing
  bool is_on_duty = false;
  bool has_live_right = false;  ///< LEG-07: beside what the role includes
  bool has_replay_right = false;
  std::optional<viewing_approval> approval;
  std::vector<commune_id> communes;   ///< none by default
  std::vector<site_id> designations;  ///< premises whose controller named this person (LEG-08)
  friend bool operator==(const person&, const person&) = default;
};

/// The person of that name; nullptr when the centre knows none. [thread-safe]
const person* find_person(std::span<const person> people, std::string_view name) noexcept;
bool handles(const person& who, const commune_id& commune) noexcept;

/// What keeps `who` from an act that concerns no commune; nullptr is nobody. [thread-safe]
std::optional<access_refusal> obstacle(const person* who, act what) noexcept;
/// The same for an act in a commune: beside the role, it must be one of the person's (LEG-04).
std::optional<access_refusal> obstacle(const person* who, act what,
                                       const commune_id& commune) noexcept;
/// What keeps an approval from being worth anything in `commune` now (LEG-02). [thread-safe]
std::optional<access_refusal> approval_obstacle(const std::optional<viewing_approval>& approval,
                                                const commune_id& commune, utc_us now) noexcept;

/// Those who are not suspended, as the incident desk knows them. [thread-safe]
std::vector<duty_person> duty_people(std::span<const person> people);

}  // namespace vigie::domain

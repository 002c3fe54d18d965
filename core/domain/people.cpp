// SPDX-License-Identifier: Apache-2.0
#include "domain/people.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace vigie::domain {
namespace {

using acts = std::uint32_t;

constexpr acts set_of(std::initializer_list<act> list) {
  acts out = 0;
  for (const auto a : list) out |= acts{1} << static_cast<unsigned>(a);
  return out;
}

/// What each role includes; everything else is refused.
constexpr acts acts_of(centre_role r) noexcept {
  switch (r) {
    case centre_role::video_operator:
      return set_of({act::read_states, act::read_incidents, act::handle_incident, act::view_live,
                     act::view_replay, act::set_own_duty});
    case centre_role::room_chief:
      return set_of({act::read_states, act::read_incidents, act::handle_incident, act::view_live,
                     act::view_replay, act::set_own_duty, act::read_people, act::suspend_person,
                     act::read_sessions, act::end_session, act::read_plugins,
                     act::exercise_notifier, act::read_proposals, act::propose_change});
    case centre_role::supervisor:
      return set_of({act::read_states, act::read_incidents, act::read_people, act::suspend_person,
                     act::manage_people, act::read_sessions, act::end_session, act::read_plugins,
                     act::exercise_notifier, act::read_proposals, act::propose_change,
                     act::confirm_change});
    case centre_role::maintenance_technician:
      return set_of({act::read_states, act::read_plugins, act::exercise_notifier,
                     act::read_proposals, act::propose_change});
    case centre_role::privacy_officer:
      return set_of({act::read_states, act::read_people, act::read_sessions, act::read_journal,
                     act::read_plugins, act::read_proposals, act::confirm_change});
    case centre_role::auditor:
      return set_of({act::read_states, act::read_people, act::read_sessions, act::read_journal});
    case centre_role::mayor:
      return set_of({act::read_states, act::read_incidents, act::view_live, act::view_replay});
    case centre_role::requisition_clerk:
      return set_of({act::read_states, act::view_replay, act::set_own_duty});
    case centre_role::plugin_administrator:
      return set_of({act::read_states, act::read_plugins, act::administer_plugins,
                     act::exercise_notifier, act::read_proposals, act::propose_change});
  }
  return 0;
}

constexpr std::array<std::string_view, last_role> role_names{
    "video_operator",      "room_chief", "supervisor", "maintenance_technician",
    "privacy_officer",     "auditor",    "mayor",      "requisition_clerk",
    "plugin_administrator"};

constexpr std::array<std::string_view, last_act> act_names{
    "read_states",    "read_incidents",     "handle_incident",   "view_live",
    "view_replay",    "set_own_duty",       "read_people",       "suspend_person",
    "manage_people",  "read_sessions",      "end_session",       "read_journal",
    "read_plugins",   "administer_plugins", "exercise_notifier", "read_proposals",
    "propose_change", "confirm_change"};

template <class Names>
std::string_view name_in(const Names& names, int number) noexcept {
  const auto index = static_cast<std::size_t>(number - 1);
  return index < names.size() ? names[index] : std::string_view{};
}

}  // namespace

std::string_view name_of(centre_role r) noexcept {
  return name_in(role_names, static_cast<int>(r));
}
std::string_view name_of(act a) noexcept { return name_in(act_names, static_cast<int>(a)); }

std::optional<centre_role> role_from(std::string_view name) noexcept {
  const auto found = std::find(role_names.begin(), role_names.end(), name);
  if (found == role_names.end()) return std::nullopt;
  return static_cast<centre_role>(found - role_names.begin() + 1);
}

bool role_may(centre_role r, act a) noexcept {
  return (acts_of(r) >> static_cast<unsigned>(a) & 1U) != 0;
}

bool needs_approval(centre_role r) noexcept { return r != centre_role::mayor; }

const person* find_person(std::span<const person> people, std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  const auto found =
      std::find_if(people.begin(), people.end(), [&](const person& p) { return p.name == name; });
  return found == people.end() ? nullptr : &*found;
}

bool handles(const person& who, const commune_id& commune) noexcept {
  return std::find(who.communes.begin(), who.communes.end(), commune) != who.communes.end();
}

std::optional<access_refusal> obstacle(const person* who, act what) noexcept {
  if (who == nullptr) return access_refusal::unknown_person;
  if (who->is_suspended) return access_refusal::person_suspended;
  if (!role_may(who->role, what)) return access_refusal::role_may_not;
  return std::nullopt;
}

std::optional<access_refusal> obstacle(const person* who, act what,
                                       const commune_id& commune) noexcept {
  if (const auto refused = obstacle(who, what)) return refused;
  if (!handles(*who, commune)) return access_refusal::other_commune;
  return std::nullopt;
}

std::optional<access_refusal> approval_obstacle(const std::optional<viewing_approval>& approval,
                                                const commune_id& commune, utc_us now) noexcept {
  if (!approval) return access_refusal::approval_missing;
  if (approval->is_suspended) return access_refusal::approval_suspended;
  if (now < approval->valid_from_utc_us || now >= approval->valid_until_utc_us)
    return access_refusal::approval_expired;
  if (approval->department.empty() || !commune.str().starts_with(approval->department))
    return access_refusal::approval_elsewhere;
  return std::nullopt;
}

std::vector<duty_person> duty_people(std::span<const person> people) {
  std::vector<duty_person> out;
  for (const auto& p : people)
    if (!p.is_suspended) out.push_back({p.name, p.role, p.is_on_duty, p.approval, p.communes});
  return out;
}

}  // namespace vigie::domain

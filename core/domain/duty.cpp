// SPDX-License-Identifier: Apache-2.0
#include "domain/duty.hpp"

#include <algorithm>

namespace vigie::domain {

const duty_person* find_person(duty_roster people, std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const duty_person& p) { return p.name == name; });
  return found == people.end() ? nullptr : &*found;
}

std::optional<refusal_kind> duty_obstacle(const duty_person& person, const commune_id& commune,
                                          utc_us now) noexcept {
  if (person.role != centre_role::video_operator && person.role != centre_role::room_chief)
    return refusal_kind::role_not_allowed;
  if (!person.is_on_duty) return refusal_kind::off_duty;
  if (!person.approval) return refusal_kind::approval_missing;
  const auto& approval = *person.approval;
  if (approval.is_suspended) return refusal_kind::approval_suspended;
  if (now < approval.valid_from_utc_us || now >= approval.valid_until_utc_us)
    return refusal_kind::approval_expired;
  if (approval.department.empty() || !commune.str().starts_with(approval.department))
    return refusal_kind::approval_elsewhere;
  if (std::find(person.communes.begin(), person.communes.end(), commune) == person.communes.end())
    return refusal_kind::other_commune;
  return std::nullopt;
}

}  // namespace vigie::domain

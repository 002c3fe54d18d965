// SPDX-License-Identifier: Apache-2.0
#include "domain/two_person.hpp"

namespace vigie::domain {

std::string_view name_of(sensitive_change c) noexcept {
  switch (c) {
    case sensitive_change::enable_analytics:
      return "enable_analytics";
    case sensitive_change::external_access:
      return "external_access";
    case sensitive_change::mask_removal:
      return "mask_removal";
  }
  return {};
}

std::optional<sensitive_change> sensitive_change_from(std::string_view name) noexcept {
  for (int i = 1; i <= last_sensitive_change; ++i)
    if (name_of(static_cast<sensitive_change>(i)) == name) return static_cast<sensitive_change>(i);
  return std::nullopt;
}

std::string_view name_of(proposal_state s) noexcept {
  switch (s) {
    case proposal_state::open:
      return "open";
    case proposal_state::confirmed:
      return "confirmed";
    case proposal_state::rejected:
      return "rejected";
  }
  return {};
}

std::optional<proposal_state> proposal_state_from(std::string_view name) noexcept {
  for (const auto s : {proposal_state::open, proposal_state::confirmed, proposal_state::rejected})
    if (name_of(s) == name) return s;
  return std::nullopt;
}

utc_us expires_at(const proposal& p) noexcept {
  return p.proposed_at + std::chrono::microseconds{proposal_life}.count();
}

bool role_may_propose(centre_role r, sensitive_change c) noexcept {
  if (!role_may(r, act::propose_change)) return false;
  switch (c) {
    case sensitive_change::enable_analytics:
      return r == centre_role::plugin_administrator || r == centre_role::supervisor;
    case sensitive_change::external_access:
      return r == centre_role::room_chief || r == centre_role::supervisor;
    case sensitive_change::mask_removal:
      return r == centre_role::maintenance_technician || r == centre_role::supervisor;
  }
  return false;
}

bool role_may_confirm(centre_role r, sensitive_change c) noexcept {
  if (!role_may(r, act::confirm_change)) return false;
  switch (c) {
    case sensitive_change::enable_analytics:
    case sensitive_change::mask_removal:
      return r == centre_role::privacy_officer;
    case sensitive_change::external_access:
      return r == centre_role::supervisor;
  }
  return false;
}

std::optional<access_refusal> propose_obstacle(const person* who, sensitive_change c,
                                               std::string_view reason) noexcept {
  if (const auto refused = obstacle(who, act::propose_change)) return refused;
  if (!role_may_propose(who->role, c)) return access_refusal::role_may_not;
  if (reason.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return access_refusal::reason_missing;
  return std::nullopt;
}

std::optional<access_refusal> decide_obstacle(const person* who, const proposal& p,
                                              proposal_state wanted, utc_us now) noexcept {
  if (who == nullptr) return access_refusal::unknown_person;
  if (who->is_suspended) return access_refusal::person_suspended;
  const bool is_author = who->name == p.author;
  const bool takes_back = is_author && wanted == proposal_state::rejected;
  if (is_author && !takes_back) return access_refusal::same_person;
  if (!takes_back && !role_may_confirm(who->role, p.change)) return access_refusal::role_may_not;
  // A clock that stands before the proposal proves nothing: it counts as expired.
  if (p.state != proposal_state::open || wanted == proposal_state::open || now >= expires_at(p) ||
      now < p.proposed_at)
    return access_refusal::proposal_closed;
  return std::nullopt;
}

}  // namespace vigie::domain

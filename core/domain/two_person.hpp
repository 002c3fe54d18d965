// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "domain/people.hpp"

namespace vigie::domain {

/// What one person alone cannot decide: it widens who or what sees people.
enum class sensitive_change : std::uint8_t {
  enable_analytics = 1,  ///< an analysis of what people do (LEG-50)
  external_access,       ///< images leave the centre (LEG-05)
  mask_removal,          ///< LEG-20
};
inline constexpr int last_sensitive_change = static_cast<int>(sensitive_change::mask_removal);
std::string_view name_of(sensitive_change c) noexcept;
std::optional<sensitive_change> sensitive_change_from(std::string_view name) noexcept;

/// How long a proposal waits for its second person.
inline constexpr std::chrono::hours proposal_life{24};

enum class proposal_state : std::uint8_t { open = 1, confirmed, rejected };
std::string_view name_of(proposal_state s) noexcept;
std::optional<proposal_state> proposal_state_from(std::string_view name) noexcept;

/// Proposed by one person, decided by another. Nothing takes effect before it is `confirmed`.
struct proposal {
  std::int64_t number = 0;
  sensitive_change change = sensitive_change::enable_analytics;
  std::string subject;  ///< what exactly: a plugin's id, a grant, a camera's mask
  std::string author;
  std::string reason;
  utc_us proposed_at = 0;
  proposal_state state = proposal_state::open;
  std::string decided_by{};
  utc_us decided_at = 0;
  friend bool operator==(const proposal&, const proposal&) = default;
};

/// The instant from which an undecided proposal is worth nothing. [thread-safe]
utc_us expires_at(const proposal& p) noexcept;

/// Who may propose which change, and who may decide on it: masks and analyses answer to the privacy
/// officer, access from outside to a supervisor.
bool role_may_propose(centre_role r, sensitive_change c) noexcept;
bool role_may_confirm(centre_role r, sensitive_change c) noexcept;

/// What keeps `who` from proposing. [thread-safe]
std::optional<access_refusal> propose_obstacle(const person* who, sensitive_change c,
                                               std::string_view reason) noexcept;
/// What keeps `who` from confirming or rejecting `p` now: not the author, in time, and with the
/// role for it. The author may reject. [thread-safe]
std::optional<access_refusal> decide_obstacle(const person* who, const proposal& p,
                                              proposal_state wanted, utc_us now) noexcept;

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace vigie::domain {

/// Why a person may not do, or not see, something. Nothing changes when one is refused.
enum class access_refusal : std::uint8_t {
  unknown_person = 1,
  person_suspended,
  role_may_not,
  no_live_right,  ///< LEG-07: live and replay are separate rights
  no_replay_right,
  off_duty,
  approval_missing,
  approval_suspended,
  approval_expired,    ///< or not yet in force
  approval_elsewhere,  ///< of another department
  other_commune,       ///< not one of the person's
  not_designated,      ///< LEG-08: the controller of these premises did not name the person
  owner_sees_nothing,  ///< LEG-06: a shop's street camera, and nobody on duty asks
  wrong_authority,
  purpose_not_authorised,
  outside_window,  ///< of the hours in which the commune lets the centre watch
  alarm_unknown,   ///< an exception is claimed for an alarm that is not there
  reason_missing,
  same_person,  ///< proposes and confirms, or suspends themselves
  proposal_unknown,
  proposal_closed,  ///< expired, or decided already
  session_unknown,
};

/// What a refusal says. `rule` is "LEG-nn" or, where the law is silent, the requirement "Mn" of
/// docs/glossary.md; `who` can lift it.
struct access_words {
  std::string_view rule;
  std::string_view en;
  std::string_view fr;
  std::string_view who;
};
access_words words_of(access_refusal kind) noexcept;

/// The refusal as everything else reports failures: the detail opens with the rule ("LEG-02: …").
/// Codes: access_denied, reason_missing, not_found. [thread-safe]
error to_error(access_refusal kind);

/// The words behind the detail of such an error; empty: it is of another kind. [thread-safe]
std::optional<access_words> access_words_in(std::string_view detail) noexcept;

}  // namespace vigie::domain

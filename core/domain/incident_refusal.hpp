// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace vigie::domain {

/// Why an incident does not take an input. Nothing changes when one is refused.
enum class refusal_kind : std::uint8_t {
  not_a_person = 1,  ///< a plugin, or the centre's own machinery, tries a human act
  not_the_centre,    ///< a person or plugin reports what only store and outbox can know
  unknown_person,
  forged_author,  ///< signed with another name than the channel's
  role_not_allowed,
  off_duty,
  approval_missing,
  approval_suspended,
  approval_expired,
  approval_elsewhere,  ///< of another department
  other_commune,
  other_incident,
  replayed,  ///< answers to a revision that is not the present one, or was sent too long ago
  already_claimed,
  not_the_owner,
  wrong_state,
  no_confirmation,       ///< a notification without the author's own `confirmed` verdict
  recipient_not_open,    ///< routing does not open this recipient for this incident
  notification_unknown,  ///< a delivery report for something that was never approved
  reason_missing,
  too_long,
  wrong_origin,     ///< a signal in somebody else's name
  signal_mismatch,  ///< a signal of another commune, site or kind
  unknown_incident,
  unknown_place,  ///< a site that the commune does not have
  not_durable,    ///< the disk does not take it
};

/// What a refusal says. `rule` is "LEG-nn" or, where the law is silent, the requirement "Mn" of
/// docs/glossary.md.
struct refusal_words {
  std::string_view rule;
  std::string_view en;
  std::string_view fr;
};
refusal_words words_of(refusal_kind kind) noexcept;

/// The refusal as everything else reports failures: the detail opens with the rule ("LEG-52: …").
/// Codes: access_denied, reason_missing, bus_malformed, not_found. [thread-safe]
error to_error(refusal_kind kind);

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cap_https/alert.hpp"

namespace vigie::cap {

/// What we know of the message we sent, to judge the answer by.
struct sent_alert {
  message_name name;
  std::string_view status;            ///< "Actual", "Exercise", "Test"
  std::string_view recipient_sender;  ///< the sender an Ack must have; empty: any
};

/// Reads the body of an accepted POST. A CAP message of type Ack that refers to exactly our
/// message, with our status, from the expected sender: acknowledged, its identifier is the
/// reference; more than one counts once. Anything else, nothing included: delivered, and the text
/// says why it acknowledges nothing. Errors: VIGIE_E_UNSUPPORTED for a message of type Error about
/// ours: the recipient's system refuses it.
notifier::result<notifier::outcome> read_answer(const sent_alert& sent, std::string_view body);

}  // namespace vigie::cap

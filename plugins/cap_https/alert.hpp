// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common_notifier/notification.hpp"
#include "common_notifier/text.hpp"

namespace vigie::cap {

/// Who speaks, the same for all recipients of an instance.
struct author {
  std::string sender;       ///< CAP sender: no space, comma, '<' or '&'
  std::string sender_name;  ///< for people
  notifier::time_zone zone;
};

/// What names a CAP message: what an Ack must quote (CAP 1.2 §3.2.1, references).
struct message_name {
  std::string sender;
  std::string identifier;
  std::string sent;

  std::string as_reference() const { return sender + "," + identifier + "," + sent; }
};

/// CAP category values of an event; ["Other"] when nothing better is known.
std::vector<std::string_view> categories_of(std::string_view event);

/// The name that `n` has as a CAP message: a function of key and time alone, so that every attempt
/// is the same message.
message_name name_of(const author& from, const notifier::notification& n);

/// The alert as CAP 1.2 XML, in the profile of this centre: scope Private with the recipient's id
/// as address, status Exercise or Test unless actual, certainty Observed only after a human's
/// verdict, nothing about who gave it. Errors: VIGIE_E_UNSUPPORTED for events about our own
/// equipment, which are no alerts.
notifier::result<std::string> write_alert(const author& from, const notifier::notification& n);

}  // namespace vigie::cap

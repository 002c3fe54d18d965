// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::simulators {

/// A CAP message as the recipient read it. Everything here is written without any code of the
/// plugin that sends them.
struct cap_message {
  std::string identifier;
  std::string sender;
  std::string sent;
  std::string status;
  std::string type;
  std::vector<std::string> breaches;  ///< of CAP 1.2 and of the centre's profile; empty: accepted
};

/// Reads and judges one message: order and number of elements, value lists, times, conditional
/// elements (CAP 1.2 §3.2), and the profile: Private with addresses, French, INSEE geocode, no
/// resource, Observed when Actual.
cap_message judge_cap(const std::string& xml);

/// A CAP message of that type ("Ack", "Error") that refers to `about`.
std::string write_cap_reply(const cap_message& about, std::string_view type,
                            const std::string& sender, const std::string& identifier,
                            const std::string& sent, const std::string& note);

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vigie::bus {

/// Somebody who connects to the bus, and all they may do there: the server refuses the rest, so
/// that a subject is an authenticated identity.
struct bus_user {
  std::string name;      ///< an id
  std::string password;  ///< letters and digits, 16 or more; or a bcrypt hash (`$2a$…`)
  std::vector<std::string> publish{};    ///< patterns; both lists empty: everything
  std::vector<std::string> subscribe{};  ///< patterns
};

/// Inboxes of a user: nobody else may listen there, and a reply to a user's request goes nowhere
/// else. "_INBOX_ana". Clients set it as their inbox prefix. [thread-safe]
std::string inbox_prefix(std::string_view user);

/// The `authorization { … }` block of a nats-server's configuration for these users. Errors:
/// config_invalid (a name, password or pattern that the file could misread, a name twice).
/// [thread-safe]
result<std::string> nats_authorization(std::span<const bus_user> users);

}  // namespace vigie::bus

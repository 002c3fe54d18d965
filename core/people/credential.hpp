// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace vigie::people {

/// Shortest and longest password, in bytes; bcrypt looks at 72 and no further, so a longer one
/// would promise more than it holds.
inline constexpr std::size_t shortest_password = 12;
inline constexpr std::size_t longest_password = 72;
/// 2^10 rounds: about 50 ms of a core for each sign-in, and for each guess.
inline constexpr unsigned usual_cost = 10;

/// The bcrypt hash of a password, in the form `$2a$` that nats-server reads. `cost` is 4 to 31.
/// Errors: config_invalid (too short, too long, a control character), internal. [thread-safe]
result<std::string> hash_password(const secret& password, unsigned cost = usual_cost);

/// Whether `hash` is of this password; false for anything that is no hash. [thread-safe]
bool matches(const secret& password, const std::string& hash);

/// Whether `text` looks like such a hash: 60 characters, none that a configuration file could
/// misread. [thread-safe]
bool is_password_hash(std::string_view text) noexcept;

}  // namespace vigie::people

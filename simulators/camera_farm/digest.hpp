// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace vigie::simulators {

struct account {
  std::string username = "vigie";
  std::string password = "vigie-demo";
};

/// MD5 as 32 lower-case hexadecimal digits.
std::string md5_hex(std::string_view text);

/// The WWW-Authenticate value of a challenge (RFC 2617 §3.2.1), qop "auth".
std::string digest_challenge(std::string_view realm, std::string_view nonce);

/// True when an Authorization value proves knowledge of the password for our nonce
/// (RFC 2617 §3.2.2; answers without qop, as RFC 2069 has them, are accepted too).
bool digest_matches(std::string_view authorization, std::string_view method, const account& who,
                    std::string_view realm, std::string_view nonce);

}  // namespace vigie::simulators

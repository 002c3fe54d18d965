// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::simulators {

struct account {
  std::string username = "vigie";
  std::string password = "vigie-demo";
};

/// MD5 as 32 lower-case hexadecimal digits.
std::string md5_hex(std::string_view text);

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

enum class digest_hash : std::uint8_t { md5 = 1, sha256 };

/// The WWW-Authenticate value of a challenge (RFC 2617 §3.2.1, RFC 7616 §3.3), qop "auth".
std::string digest_challenge(std::string_view realm, std::string_view nonce,
                             digest_hash hash = digest_hash::md5);

/// True when an Authorization value proves knowledge of the password for our nonce
/// (RFC 2617 §3.2.2; answers without qop, as RFC 2069 has them, are accepted too).
bool digest_matches(std::string_view authorization, std::string_view method, const account& who,
                    std::string_view realm, std::string_view nonce,
                    digest_hash hash = digest_hash::md5);

/// The value of a field of an Authorization header, quotes removed; empty when absent.
std::string digest_field(std::string_view authorization, std::string_view name);

}  // namespace vigie::simulators

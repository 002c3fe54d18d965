// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vigie/sdk.h"

namespace vigie::onvif {

struct account {
  std::string username, password;
};

/// Base64(SHA-1(nonce + created + password)): PasswordDigest of WS-Security UsernameToken Profile
/// 1.1 §3.1. `nonce` is raw bytes.
std::string password_digest(std::string_view nonce, std::string_view created,
                            std::string_view password);

/// The Security header that proves the password without showing it. `created` is the device's own
/// time: devices refuse tokens from another minute (ONVIF Core §5.9.4). Empty without a user name.
std::string security_header(const account& who, std::string_view nonce, std::string_view created);

/// 16 random bytes.
std::string fresh_nonce();
/// "2026-11-21T20:15:33.400Z"
std::string xml_time(vigie_utc_us_t at);
std::string base64(std::string_view bytes);

}  // namespace vigie::onvif

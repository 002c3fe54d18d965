// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigie::gateway {

/// Base64 with the URL alphabet and no padding (RFC 4648 §5). [thread-safe]
std::string to_base64url(std::string_view bytes);
/// The bytes of a canonical text: no padding, no foreign characters, no stray bits at the end, so
/// that every byte string has exactly one text. [thread-safe]
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace vigie::gateway

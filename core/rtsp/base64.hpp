// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::rtsp {

/// RFC 4648 §4 with padding. [thread-safe]
std::string base64_encode(std::string_view bytes);
/// RFC 4648 §4; missing padding is accepted, any foreign character is not. [thread-safe]
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

}  // namespace vigie::rtsp

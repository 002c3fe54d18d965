// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace vigie::journal {

/// A SHA-256 digest.
using digest = std::array<std::uint8_t, 32>;
/// What stands before the first entry, and where a line of the log has no digest to tell.
constexpr digest no_digest{};

/// Of the parts, one after the other. [thread-safe]
digest sha256(std::initializer_list<byte_view> parts);

inline byte_view bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Lower case. [thread-safe]
std::string to_hex(byte_view bytes);
/// Lower case only, so that one value has one spelling. [thread-safe]
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);
/// Exactly 64 digits. [thread-safe]
std::optional<digest> digest_from_hex(std::string_view text);

}  // namespace vigie::journal

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vigie::gateway {

enum class range_outcome : std::uint8_t {
  whole = 1,      ///< no range, or one we may ignore: send everything (200)
  part,           ///< send `length` bytes from `offset` (206)
  unsatisfiable,  ///< nothing of it exists (416)
};

struct byte_range {
  range_outcome outcome = range_outcome::whole;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  friend bool operator==(const byte_range&, const byte_range&) = default;
};

/// What a Range header field asks of `size` bytes (RFC 9110 §14.2). A malformed field, another unit
/// or several ranges are ignored, as the RFC allows. [thread-safe]
byte_range parse_range(std::string_view field, std::uint64_t size);

}  // namespace vigie::gateway

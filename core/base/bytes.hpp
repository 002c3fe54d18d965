// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace vigie {

/// Bytes somebody else owns, valid as long as the owner says.
using byte_view = std::span<const std::uint8_t>;

}  // namespace vigie

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

namespace vigie::plugin_host {

/// A copy of a struct of the ABI in which what its maker did not know is zero (macros.h, "Growth"):
/// plugins of an older SDK give shorter structs, those of a newer one longer. Nothing when there is
/// no struct, or not even its first two members. [thread-safe]
template <class Struct>
std::optional<Struct> read_abi(const Struct* from) noexcept {
  if (from == nullptr || from->size < 2 * sizeof(std::uint32_t)) return std::nullopt;
  Struct copy{};
  std::memcpy(static_cast<void*>(&copy), from, std::min<std::size_t>(from->size, sizeof copy));
  return copy;
}

}  // namespace vigie::plugin_host

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "plugin_host/manifest.hpp"

namespace vigie::plugin_host::conformance {

/// One thing a plugin must do. Names are stable: scripts and reports use them.
struct case_info {
  std::string_view name;
  std::string_view what;    ///< what holds when it passed
  std::string_view remedy;  ///< what a vendor does when it failed
  std::uint8_t kinds = 0;   ///< bit 1 << plugin_kind for each kind it is for

  bool is_for(plugin_kind kind) const noexcept {
    return (kinds >> static_cast<unsigned>(kind) & 1U) != 0;
  }
};

/// All cases in the order in which they run. `manifest` and `permissions` are judged by the suite
/// itself, every other one in a process of its own. [thread-safe]
std::span<const case_info> all_cases() noexcept;
/// Null when there is none of that name. [thread-safe]
const case_info* find_case(std::string_view name) noexcept;

inline constexpr std::string_view manifest_case = "manifest";
inline constexpr std::string_view permissions_case = "permissions";

}  // namespace vigie::plugin_host::conformance

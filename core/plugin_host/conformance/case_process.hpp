// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/conformance/messages.hpp"

namespace vigie::plugin_host::conformance {

struct case_outcome {
  case_state state = case_state::failed;
  std::string detail;
  std::chrono::milliseconds took{0};
  std::vector<std::string> attempts;  ///< what it tried beyond its permissions
  std::uint32_t sandbox_layers = 0;
};

/// A loaded machine is slow: a call counts as hung after so many times what a centre gives it.
inline constexpr int patience = 5;

/// Runs one case in a sandboxed process of `host_program` and waits for its verdict. A crash, an
/// exit or a hang of the process is the failure of the case, named by the call during which it
/// came. Peers beyond this machine's loopback are out of reach whatever the plugin's permissions
/// are. Blocks for as long as the case takes. [thread-safe]
case_outcome run_case(const std::filesystem::path& host_program, const check_order& order,
                      const clock& time);

}  // namespace vigie::plugin_host::conformance

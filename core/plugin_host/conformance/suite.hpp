// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "plugin_host/conformance/case_process.hpp"
#include "plugin_host/conformance/catalogue.hpp"

namespace vigie::plugin_host::conformance {

struct suite_options {
  std::filesystem::path host_program;   ///< vigie-plugin-host
  std::string config_json = "{}";       ///< a JSON object
  bool has_config = false;              ///< it was given; else a plugin may ask for one
  std::uint64_t seed = 1;               ///< of the mutated configurations
  std::vector<std::string> cameras;     ///< addresses to try; empty: some of this machine
  std::vector<std::string> recipients;  ///< ids of the configuration, notifiers only
  std::string only_case;                ///< empty: all
};

struct case_report {
  const case_info* about = nullptr;
  case_state state = case_state::failed;
  std::string detail;
  std::chrono::milliseconds took{0};
};

struct suite_report {
  /// Of plugin.toml; id empty when it could not be read.
  plugin_host::manifest manifest;
  std::filesystem::path library;
  std::vector<case_report> cases;
  std::string missing_protection;  ///< sandbox layers this kernel did not grant; empty: none

  std::size_t count(case_state state) const noexcept;
};

/// Checks a plugin: each case of the catalogue for its kind, one after the other, each in a process
/// of its own. `plugin` is its folder, or the library in it. `on_case` is told each result as it
/// comes. Blocks for some seconds. Errors: not_found (no such file or folder).
result<suite_report> check_plugin(const std::filesystem::path& plugin, const suite_options& options,
                                  const clock& time,
                                  const std::function<void(const suite_report&)>& on_case);

}  // namespace vigie::plugin_host::conformance

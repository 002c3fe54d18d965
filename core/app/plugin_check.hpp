// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/commands.hpp"

namespace vigie::app {

struct plugin_check_request {
  std::filesystem::path plugin;  ///< its library, or its folder
  std::string config;            ///< JSON text, or a file with it; empty: none
  std::string camera;            ///< an address to attach cameras with; empty: some of loopback
  std::string only_case;         ///< empty: all
  std::optional<std::uint64_t>
      seed;  ///< of the mutated configurations; else by chance, and printed
  bool as_json = false;
};

/// `vigie plugin check PLUGIN`: the conformance suite (plugin_host/conformance), one line per case
/// or one JSON document on stdout. `programs` is where vigie-plugin-host is. `done` when every case
/// held; `failed` when one did not; `incomplete` when it could not be checked, or not wholly.
/// [startup]
exit_code plugin_check(const plugin_check_request& request, const std::filesystem::path& programs);

/// The names of all cases with what each asks, for `--help`. [thread-safe]
std::string list_of_cases();

}  // namespace vigie::app

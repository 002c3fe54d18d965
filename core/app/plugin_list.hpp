// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "config/centre_config.hpp"
#include "plugin_host/manifest.hpp"

namespace vigie::app {

/// One plugin that is installed, or that a configuration names.
struct listed_plugin {
  std::string id;  ///< of its manifest; of the configuration, or the folder's name, without one
  std::filesystem::path folder;
  std::optional<plugin_host::manifest> manifest;  ///< empty when it cannot be read
  bool is_named = false;                          ///< the configuration loads it
  bool is_in_process = false;
  std::string refusal;  ///< why a centre would not load it; empty: it would
};

/// What is in the sub-folders of `folders` (each with a plugin.toml) and what `sections` name, by
/// id. None of their code is run. Without sections nothing is "named". [startup]
std::vector<listed_plugin> find_plugins(const std::vector<std::filesystem::path>& folders,
                                        const std::vector<config::plugin_section>& sections,
                                        const std::filesystem::path& programs);

struct plugin_list_request {
  std::filesystem::path config;  ///< a centre's configuration; empty: none
  std::filesystem::path folder;  ///< where to look; empty: beside the programs
  bool as_json = false;
};

/// `vigie plugin list`: a table, or one JSON document, on stdout. `failed` when a plugin that the
/// configuration names would be refused. [startup]
exit_code plugin_list(const plugin_list_request& request, const std::filesystem::path& programs);

}  // namespace vigie::app

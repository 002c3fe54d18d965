// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "app/commands.hpp"

namespace vigie::app {

/// `vigie plugin check PLUGIN`: loads a plugin as the centre would, in its sandboxed child, and
/// tells step by step what held. `plugin` is its library or its folder, `config` a file with its
/// configuration in JSON (empty: none), `programs` where vigie-plugin-host is. `done` when every
/// step held, `failed` otherwise. [startup]
exit_code plugin_check(const std::filesystem::path& plugin, const std::filesystem::path& config,
                       const std::filesystem::path& programs);

}  // namespace vigie::app

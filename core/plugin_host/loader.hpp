// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/entry.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace vigie::plugin_host {

/// A plugin library in this process, its entry checked and initialised. Never unloaded: threads,
/// thread-locals and atexit handlers of a started library cannot be taken back, so its code stays
/// until the process ends.
struct loaded_plugin {
  const vigie_plugin_entry_t* entry = nullptr;
  const vigie_plugin_factory_t* factory = nullptr;
  const vigie_plugin_descriptor_t* descriptor = nullptr;
};

/// Opens `library` (RTLD_NOW | RTLD_LOCAL), checks the entry's size before any of its fields, the
/// ABI's major, the factory of `kind` (VIGIE_KIND_…) and a descriptor whose id and kind are those
/// of the manifest. Runs the library's constructors and `entry.init`: only where the plugin's code
/// may run. Loading twice gives the same. Errors: config_invalid, child_failed. [control]
result<loaded_plugin> load_plugin(const std::filesystem::path& library, const std::string& id,
                                  int kind);

}  // namespace vigie::plugin_host

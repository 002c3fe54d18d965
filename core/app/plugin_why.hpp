// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "app/commands.hpp"
#include "base/clock.hpp"

namespace vigie::app {

struct plugin_why_request {
  std::filesystem::path config;
  std::string camera;  ///< its id, or "all"
  std::string plugin;
  std::string at = "now";
  std::string language = "en";
  bool as_json = false;
};

/// `vigie plugin why`: the purpose gate's answer for one camera or all of them, on stdout. Reads
/// the configuration, the plugin's manifest and the legal bases; runs nothing. [startup]
exit_code plugin_why(const plugin_why_request& request, const std::filesystem::path& programs,
                     const clock& time);

}  // namespace vigie::app

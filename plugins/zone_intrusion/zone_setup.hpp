// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "zone_intrusion/local_hours.hpp"

namespace vigie::zone_intrusion {

/// A corner in thousandths of the picture's width and height, from the top left.
struct corner {
  int x = 0;
  int y = 0;
};

/// What one camera watches.
struct zone_setup {
  std::vector<corner> zone;       ///< 3 to 16 corners in their order around it
  std::vector<hours> armed;       ///< at least one
  double smallest_percent = 1.5;  ///< of the zone that must change: smaller things are let be
};

/// The plugin's configuration: {"cameras": {"cam-0001": {"zone": [[x, y], …], "hours":
/// ["22:00-06:00"], "smallest_percent": 1.5}}}. Throws std::invalid_argument with what to write
/// instead.
std::map<std::string, zone_setup> read_setups(std::string_view config_json);

}  // namespace vigie::zone_intrusion

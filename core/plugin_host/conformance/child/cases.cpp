// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/cases.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::plugin_host::conformance::child {

case_function find_function(std::string_view name) noexcept {
  using entry = std::pair<std::string_view, case_function>;
  static constexpr std::array all{
      entry{"scan", &scan},
      entry{"load", &load},
      entry{"factories", &factories},
      entry{"other_abi", &other_abi},
      entry{"create_destroy", &create_destroy},
      entry{"life", &life},
      entry{"call_order", &call_order},
      entry{"not_started", &not_started},
      entry{"stop_twice", &stop_twice},
      entry{"failed_init", &failed_init},
      entry{"extensions", &extensions},
      entry{"older_host", &older_host},
      entry{"config_fuzz", &config_fuzz},
      entry{"arguments", &arguments},
      entry{"manners", &manners},
      entry{"threads", &threads},
      entry{"leaks", &leaks},
      entry{"unknown_camera", &unknown_camera},
      entry{"many_cameras", &many_cameras},
      entry{"streams", &streams},
      entry{"frame_sizes", &frame_sizes},
      entry{"events", &events},
      entry{"deliveries", &deliveries},
      entry{"probe", &probe},
      entry{"stop_while_busy", &stop_while_busy},
  };
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const entry& e) { return e.first == name; });
  return found == all.end() ? nullptr : found->second;
}

}  // namespace vigie::plugin_host::conformance::child

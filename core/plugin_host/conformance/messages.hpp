// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plugin_host/wire.hpp"

// What the suite and the process of one case say to each other, over the channel of wire.hpp.
namespace vigie::plugin_host::conformance {

/// One case to run with one plugin.
struct check_order {
  start_order plugin;
  std::string case_name;
  std::string version;        ///< the manifest's
  std::uint8_t analysis = 0;  ///< the manifest's class, as analysis_class; 0: no analytics
  bool has_config = false;    ///< the configuration was given, not the empty default
  std::uint64_t seed = 0;
  std::vector<std::string> cameras;  ///< addresses to try; "{n}" becomes the camera's number
  std::vector<std::string>
      mute_cameras;                     ///< the same at a place that takes connections and is mute
  std::vector<std::string> recipients;  ///< ids in the configuration
};

/// What the case does now: a call into the plugin, and after how long it counts as hung.
struct step {
  std::string what;
  std::uint32_t limit_ms = 0;
};

enum class case_state : std::uint8_t { passed = 1, failed, skipped };

struct verdict {
  std::uint8_t state = 0;  ///< case_state
  std::string text;        ///< what failed, or why it was skipped, or what is worth knowing
};

using to_case = std::variant<check_order>;
using from_case = std::variant<wire::hello, step, verdict>;

template <class A>
void fields(A& a, check_order& v) {
  a(v.plugin, v.case_name, v.version, v.analysis, v.has_config, v.seed, v.cameras, v.mute_cameras,
    v.recipients);
}
template <class A>
void fields(A& a, step& v) {
  a(v.what, v.limit_ms);
}
template <class A>
void fields(A& a, verdict& v) {
  a(v.state, v.text);
}

}  // namespace vigie::plugin_host::conformance

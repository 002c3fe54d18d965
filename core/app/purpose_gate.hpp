// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "app/camera_places.hpp"
#include "base/result.hpp"
#include "domain/analysis_gate.hpp"
#include "plugin_host/manifest.hpp"

namespace vigie::app {

/// The gate's rule with this centre's data: what plugins declare, what cameras are for, which legal
/// bases are signed, what two persons enabled. The desk, `plugins.why` and `vigie plugin why` all
/// ask here, so that an explanation is the decision. [thread-safe]
class purpose_gate {
 public:
  /// `places` outlives the gate.
  purpose_gate(const camera_places& places, domain::gate_rules rules);

  /// A plugin's own words; replaces what it said before. Other kinds than analytics are ignored.
  void learn(const plugin_host::manifest& declared);
  /// From now on these decisions count, and no others.
  void enable(std::vector<domain::analysis_enabling> decided);

  /// Errors: not_found (no such analysis, no such camera).
  result<domain::gate_answer> ask(const std::string& plugin, const camera_id& camera,
                                  utc_us at) const;
  /// Those on which somebody ever enabled this plugin; it can look at no other.
  std::set<camera_id> enabled_cameras(const std::string& plugin) const;
  std::uint32_t aggregation_threshold() const;

 private:
  const camera_places& places_;
  mutable std::mutex mutex_;
  domain::gate_rules rules_;
  std::map<std::string, domain::analysis_question> declared_;  ///< without camera and time
};

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "bus/messages.hpp"
#include "domain/camera_health.hpp"
#include "ingest/vitals.hpp"

namespace vigie::app {

/// Counts over all cameras, for heartbeats, /healthz and /metrics.
struct fleet_counts {
  std::uint32_t cameras = 0;
  std::uint32_t starting = 0;
  std::uint32_t live = 0;
  std::uint32_t degraded = 0;
  std::uint32_t down = 0;
  std::uint32_t recording = 0;  ///< frames reached the disk within `recording_patience`
};

/// The latest state and disk progress of every camera, gathered from what passes by. [thread-safe]
class fleet {
 public:
  static constexpr std::chrono::seconds recording_patience{5};

  void note_state(const camera_id& camera, domain::health_state state);
  void note_durable(const camera_id& camera, mono_ns last_durable);
  /// What the camera did that no standard asks for, and which answers were set for it.
  void note_ways(const ingest::feed_vitals& vitals);
  /// Fills in `quirks` and `overridden`.
  void tell_ways(bus::camera_status& of) const;
  void forget(const camera_id& camera);
  fleet_counts counts(mono_ns now) const;

 private:
  struct entry {
    domain::health_state state = domain::health_state::starting;
    mono_ns last_durable = 0;
    std::vector<std::pair<std::string_view, std::uint64_t>> quirks;
    std::vector<std::string_view> overridden;
  };
  mutable std::mutex mutex_;
  std::unordered_map<camera_id, entry> cameras_;
};

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/camera_health.hpp"

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
  void forget(const camera_id& camera);
  fleet_counts counts(mono_ns now) const;

 private:
  struct entry {
    domain::health_state state = domain::health_state::starting;
    mono_ns last_durable = 0;
  };
  mutable std::mutex mutex_;
  std::unordered_map<camera_id, entry> cameras_;
};

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "analytics/picture_source.hpp"
#include "app/analysis_desk.hpp"
#include "app/fleet.hpp"
#include "bus/outbox.hpp"
#include "control/control_system.hpp"
#include "domain/shedding.hpp"
#include "gateway/gateway.hpp"
#include "ingest/quirk_tally.hpp"
#include "recording/recorder.hpp"

namespace vigie::app {

/// All rooms' counters at one instant.
struct figures {
  fleet_counts fleet;
  recording::recorder_totals recorder;
  bus::outbox_counts outbox;
  control::control_counters control;
  analytics::picture_counters picture;
  gateway::gateway_statistics gateway;
  analysis_counts analysis;
  ingest::quirk_tally quirks{};  ///< of all cameras since the start
  domain::shedding shed;
  std::uint64_t refused_live_views = 0;  ///< because they were shed
  std::uint64_t refused_replays = 0;
  std::size_t camera_memory_bytes = 0;       ///< held by all cameras together
  std::size_t camera_memory_most_bytes = 0;  ///< by one camera, since the start
  std::uint64_t relieved = 0;                ///< cameras that were over their budget
  double ingest_delay_s = 0;                 ///< of the latest shard, over the last second
  bool bus_connected = false;
  std::uint64_t requests_answered = 0;
  std::uint64_t requests_refused = 0;
  std::uint64_t states_skipped = 0;
  std::uint64_t uptime_s = 0;
  std::uint64_t disk_free_bytes = 0;
};

/// Prometheus text. Labels never name a camera: thousands of series help nobody.
std::string to_prometheus(const figures& now);
/// The body of /healthz: healthy while frames reach the disk (or no camera is live).
bool is_healthy(const figures& now);
std::string to_health_json(const figures& now);

}  // namespace vigie::app

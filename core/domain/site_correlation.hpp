// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/camera_health.hpp"
#include "domain/camera_health_machine.hpp"
#include "domain/camera_status.hpp"
#include "domain/site_event.hpp"

// Ten cameras that die together have one cause: the site's link or power. This pure machine turns
// the transitions of a site's cameras into the facts an operator should see, each once.
//
//   first loss ──► window of 500 ms ──┬─ ≥ 3 cameras, ≥ 60 % of those not yet down: site_outage
//                                     └─ else, when it closes: camera_down for each
//   outage ──► later losses join it silently ──► ≥ 60 % of its members back for 2 s: site_restored
//   restored ──► a member still down is a straggler ──┬─ back within 60 s: nothing to tell
//                                                     ├─ after 60 s: camera_down
//                                                     └─ the next outage takes it in silently
//
// - Causes that are a camera's own (wrong password, codec, anything about picture, recording or
//   clock) never correlate: their event is immediate, a straggler's too.
// - A camera that is back before its window closes is told down and restored, in this order:
//   nothing is swallowed. Members of an outage get no restored event of their own; site_restored
//   lists those that are back.
namespace vigie::domain {

inline constexpr std::chrono::milliseconds correlation_window{500};
inline constexpr std::size_t outage_min_cameras = 3;
inline constexpr std::size_t outage_min_pct = 60;
/// Of an outage's members, that deliver frames again …
inline constexpr std::size_t restore_min_pct = 60;
/// … without interruption for so long. The hysteresis against a link that comes and goes.
inline constexpr std::chrono::seconds restore_hold{2};
/// A member still down when its site is back has so long before it is an alarm of its own. After a
/// long outage every camera waits out a back-off of up to 30 s (`ingest` dials no more rarely),
/// then needs a dial, which is paced node-wide after a storm, and a first key frame.
inline constexpr std::chrono::seconds straggler_grace{60};

/// What the site remembers of one camera.
struct site_camera {
  camera_id camera;
  health_state state = health_state::starting;
  health_cause cause = health_cause::none;
  utc_us since_utc_us = 0;
  std::string detail;
  bool is_pending = false;    ///< lost its frames inside the open window
  bool is_member = false;     ///< of the open outage
  bool is_announced = false;  ///< has an alarm of its own that a restored event will clear
  std::optional<mono_ns> excused_until;  ///< a straggler's: camera_down is told then
};

struct open_window {
  mono_ns closes_at = 0;
  std::size_t eligible = 0;  ///< cameras not down when it opened
};

struct open_outage {
  health_cause cause = health_cause::none;  ///< the most frequent one of its first members
  utc_us since_utc_us = 0;                  ///< earliest loss among them
  std::optional<mono_ns> restores_at;       ///< set while enough members are back
  utc_us back_since_utc_us = 0;
};

/// One site's memory. A plain value.
struct site_health {
  std::vector<site_camera> cameras;  ///< in configuration order
  std::optional<open_window> window;
  std::optional<open_outage> outage;
};

/// A fact to tell. `camera` is set for camera events, `cameras` for site events.
struct site_fact {
  site_event_type type = site_event_type::camera_down;
  std::optional<camera_id> camera;
  health_cause cause = health_cause::none;
  utc_us since_utc_us = 0;
  std::string detail;
  std::vector<camera_id> cameras;
};

struct site_step {
  site_health next;
  std::vector<site_fact> facts;
};

/// A camera's status as just reported. Cameras the site does not hold are ignored, and so is
/// `starting` after anything else (a restarted actor that knows nothing yet). [thread-safe]
site_step step(site_health site, const camera_id& camera, const camera_status& status, instant now);

/// Time passes: closes a due window, ends a due outage, tells stragglers whose grace is over.
/// [thread-safe]
site_step step(site_health site, instant now);

/// When the next such step is due; empty when nothing waits. [thread-safe]
std::optional<mono_ns> next_deadline(const site_health& site) noexcept;

/// Adapts to a new configuration: keeps what is known of the cameras that stay. An outage that
/// loses its last member ends with site_restored. [thread-safe]
site_step set_cameras(site_health site, const std::vector<camera_id>& cameras, instant now);

/// True when several losses with this cause may have one common reason. [thread-safe]
bool correlates(health_cause cause) noexcept;

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "domain/camera_status.hpp"
#include "domain/evidence.hpp"
#include "domain/picture_judge.hpp"

// The health of one camera as a pure machine: state and input in, state and effects out. It reads
// no clock and sends nothing; the camera's actor does.
//
// The verdict follows progress, not sockets:
// - `down` needs a concluded failure (a stall, or the end of a session) and ends only when at least
//   `live_frames` complete frames arrived in one session without trouble. A camera that answers
//   RTSP but sends no video is therefore down once, for as long as that lasts, however often it is
//   dialled.
// - while down, the cause changes only with another concluded failure; `since` does not move.
// - while frames advance, the lowest broken rung of picture, recording and clock makes it
// `degraded`.
namespace vigie::domain {

/// Both clocks, read together.
struct instant {
  mono_ns mono = 0;
  utc_us utc = 0;
};

/// Complete frames of one session before a camera counts as live. One may be the leftover that a
/// camera flushes on PLAY before it falls silent again.
inline constexpr std::uint64_t live_frames = 2;
/// A live feed that nobody reported advancing for so long is down: the reporter itself hangs.
inline constexpr std::chrono::seconds feed_report_patience{10};
/// Frames advance but the newest one on disk is older than this: not recorded.
inline constexpr std::chrono::seconds recording_patience{15};
/// The camera clock's tolerance (LEG-63), and the consecutive reports that prove or clear an error.
inline constexpr std::chrono::seconds clock_tolerance{2};
inline constexpr std::uint32_t clock_reports = 3;

/// The faults a picture can have, gravest first: of several the first is told.
inline constexpr std::array picture_faults{
    health_cause::black_picture, health_cause::covered_picture, health_cause::frozen_picture,
    health_cause::blurred_picture, health_cause::moved_camera};

/// What one camera's machine remembers. A plain value.
struct camera_health {
  camera_status status;

  std::uint64_t sessions = 0;
  std::uint64_t units_seen = 0;  ///< of the last feed evidence
  std::uint64_t units_mark = 0;  ///< where counting towards `live_frames` began
  mono_ns advancing_since = 0;   ///< when frames were concluded to advance, 0: they do not
  mono_ns last_advance = 0;      ///< last evidence of a feed that advances
  mono_ns last_frame = 0;

  picture_judgement picture;
  /// Since when an analysis finds each picture fault present, gravest first; 0: it does not.
  std::array<mono_ns, picture_faults.size()> found_since{};

  mono_ns last_durable = 0;
  std::optional<error> recording_trouble;
  mono_ns recording_trouble_since = 0;

  bool clock_wrong = false;
  mono_ns clock_since = 0;  ///< first report of the run that contradicts `clock_wrong`
  mono_ns clock_wrong_since = 0;
  std::uint32_t clock_run = 0;  ///< consecutive reports that contradict `clock_wrong`
};

/// Time passes; no new evidence.
struct health_tick {};

using health_input = std::variant<health_tick, feed_evidence, picture_evidence, finding_evidence,
                                  recording_evidence>;

struct health_rules {
  bool recording_expected = true;  ///< false: `not_recorded` is never concluded
};

struct health_effects {
  /// State, rung or cause changed: publish at once, tell the site.
  bool changed = false;
};

struct health_step {
  camera_health next;
  health_effects effects;
};

/// A camera nothing is known of yet. [thread-safe]
camera_health starting_camera(instant now);

/// A machine that goes on from what is known of the camera (its actor was restarted): a known
/// defect stands until new evidence lifts it. [thread-safe]
camera_health resumed_camera(camera_status known, instant now);

/// One step. Evidence of other cameras must not be given. [thread-safe]
health_step step(camera_health state, const health_input& input, instant now,
                 const health_rules& rules = {});

/// The cause a feed's failure stands for. Never `none`. [thread-safe]
health_cause cause_of(errc trouble) noexcept;

/// The highest rung a camera with this cause still stands on. [thread-safe]
health_rung rung_below(health_cause cause) noexcept;

}  // namespace vigie::domain

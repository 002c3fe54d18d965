// SPDX-License-Identifier: Apache-2.0
#include "domain/camera_health_machine.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace vigie::domain {

namespace {

/// The UTC of a past monotonic instant by today's clock: right even when UTC was stepped in
/// between.
utc_us utc_at(mono_ns then, instant now) noexcept {
  return now.utc - std::max<mono_ns>(now.mono - then, 0) / 1000;
}

/// What is to be concluded, before it is compared with what was.
struct verdict {
  health_state state = health_state::starting;
  health_rung rung = health_rung::none;
  health_cause cause = health_cause::none;
  utc_us since = 0;
  std::string detail;
};

bool delivers(const camera_health& s) noexcept { return s.advancing_since != 0; }

/// Takes over a verdict; `since` and `detail` follow only when state or cause changed.
void settle(camera_health& s, verdict v) {
  auto& known = s.status;
  const bool same_state = known.state == v.state;
  const bool same_cause = known.cause == v.cause;
  known.rung = v.rung;
  if (same_state && same_cause) return;
  const bool still_down = same_state && v.state == health_state::down;
  if (!still_down) known.since_utc_us = v.since;
  known.state = v.state;
  known.cause = v.cause;
  known.detail = std::move(v.detail);
}

void fall(camera_health& s, health_cause cause, health_rung rung, std::string detail, instant now) {
  const bool had_frames = delivers(s) && s.last_frame != 0;
  const auto since = had_frames ? utc_at(s.last_frame, now) : now.utc;
  s.advancing_since = 0;
  s.picture = {};
  s.found_since = {};
  s.recording_trouble.reset();
  s.status.frames_per_s = 0;
  s.status.kbit_per_s = 0;
  settle(s, {health_state::down, rung, cause, since, std::move(detail)});
}

// -- The rungs above "frames advance"
// --------------------------------------------------------------

verdict broken(health_cause cause, mono_ns since, std::string detail, instant now) {
  return {health_state::degraded, rung_below(cause), cause, utc_at(since, now), std::move(detail)};
}

health_rung proven_rung(const camera_health& s) noexcept {
  if (s.last_durable >= s.advancing_since)
    return s.status.clock_offset_us ? health_rung::clock_right : health_rung::recorded;
  return s.picture.measured ? health_rung::picture_usable : health_rung::advancing;
}

std::string_view words_of(health_cause picture_fault) noexcept {
  switch (picture_fault) {
    case health_cause::black_picture:
      return "the picture is black";
    case health_cause::covered_picture:
      return "the lens is covered";
    case health_cause::frozen_picture:
      return "the picture repeats";
    case health_cause::blurred_picture:
      return "the picture is out of focus";
    default:
      return "the camera no longer looks where it did";
  }
}

/// Since when a picture fault is present, by our own measures or an analysis; nothing: it is not.
std::optional<mono_ns> picture_fault_since(const camera_health& s, std::size_t fault) noexcept {
  if (picture_faults[fault] == health_cause::black_picture && s.picture.black)
    return s.picture.black_since;
  if (picture_faults[fault] == health_cause::frozen_picture && s.picture.frozen)
    return s.picture.frozen_since;
  if (s.found_since[fault] == 0) return std::nullopt;
  return s.found_since[fault];
}

/// The lowest broken rung of a camera whose frames advance, or live.
verdict judge_delivering(const camera_health& s, instant now, const health_rules& rules) {
  for (std::size_t fault = 0; fault < picture_faults.size(); ++fault)
    if (const auto since = picture_fault_since(s, fault))
      return broken(picture_faults[fault], *since, std::string{words_of(picture_faults[fault])},
                    now);
  if (rules.recording_expected) {
    if (s.recording_trouble)
      return broken(health_cause::not_recorded, s.recording_trouble_since,
                    to_string(*s.recording_trouble), now);
    const auto newest = std::max(s.last_durable, s.advancing_since);
    if (now.mono - newest > to_ns(recording_patience))
      return broken(health_cause::not_recorded, newest, "frames do not reach the disk", now);
  }
  if (s.clock_wrong)
    return broken(health_cause::clock_wrong, s.clock_wrong_since,
                  "the camera's clock is off by more than 2 s", now);
  return {health_state::live, proven_rung(s), health_cause::none, now.utc, {}};
}

// -- Evidence
// --------------------------------------------------------------------------------------

void measure_clock(camera_health& s, const feed_evidence& e, instant now) {
  if (!e.clock_offset_us) return;
  s.status.clock_offset_us = e.clock_offset_us;
  const auto tolerance = std::chrono::microseconds{clock_tolerance}.count();
  const bool wrong = *e.clock_offset_us > tolerance || *e.clock_offset_us < -tolerance;
  if (wrong == s.clock_wrong) {
    s.clock_run = 0;
    return;
  }
  if (s.clock_run++ == 0) s.clock_since = now.mono;
  if (s.clock_run < clock_reports) return;
  s.clock_run = 0;
  s.clock_wrong = wrong;
  s.clock_wrong_since = s.clock_since;
}

/// Counts complete frames of the running session only.
void count_units(camera_health& s, const feed_evidence& e) noexcept {
  const bool feed_restarted = e.access_units < s.units_seen;
  if (feed_restarted) s.units_seen = 0;
  if (e.phase != feed_phase::advancing)
    s.units_mark = e.access_units;
  else if (feed_restarted || e.sessions != s.sessions)
    s.units_mark = s.units_seen;
  s.sessions = e.sessions;
  s.units_seen = e.access_units;
}

void take_figures(camera_health& s, const feed_evidence& e) noexcept {
  auto& shown = s.status;
  const bool advances = e.phase == feed_phase::advancing;
  shown.frames_per_s = advances ? e.frames_per_s : 0;
  shown.kbit_per_s = advances ? e.kbit_per_s : 0;
  if (e.width_px != 0) shown.width_px = e.width_px;
  if (e.height_px != 0) shown.height_px = e.height_px;
  shown.lost_packets = e.lost_packets;
  if (e.last_frame_utc_us != 0) shown.last_frame_utc_us = e.last_frame_utc_us;
  if (e.last_frame_mono_ns != 0) s.last_frame = e.last_frame_mono_ns;
}

void on_feed(camera_health& s, const feed_evidence& e, instant now) {
  count_units(s, e);
  take_figures(s, e);
  measure_clock(s, e, now);
  if (e.phase == feed_phase::advancing && !e.trouble) {
    s.last_advance = now.mono;
    if (!delivers(s) && s.units_seen - s.units_mark >= live_frames) s.advancing_since = now.mono;
    return;
  }
  if (e.phase == feed_phase::advancing || !e.trouble) return;  // not conclusive
  // While it is down, a dial or a dialogue under way still carries the last failure: only a new end
  // of session or a new stall says something else.
  const bool concluded = e.phase == feed_phase::idle || e.phase == feed_phase::stalled;
  if (s.status.state == health_state::down && !concluded) return;
  const auto cause = cause_of(e.trouble->code);
  // A dialogue may fail before or after the camera accepted us; only the evidence knows.
  const bool accepted = cause == health_cause::protocol && e.authenticated;
  fall(s, cause, accepted ? health_rung::authenticated : rung_below(cause), to_string(*e.trouble),
       now);
}

void on_finding(camera_health& s, const finding_evidence& e, instant now) {
  for (std::size_t fault = 0; fault < picture_faults.size(); ++fault) {
    if (picture_faults[fault] != e.cause) continue;
    auto& since = s.found_since[fault];
    if (!e.is_present)
      since = 0;
    else if (since == 0)
      since = e.at_mono_ns != 0 ? e.at_mono_ns : now.mono;
  }
}

void on_recording(camera_health& s, const recording_evidence& e, instant now) {
  s.last_durable = std::max(s.last_durable, e.last_durable_mono_ns);
  if (e.trouble && !s.recording_trouble) s.recording_trouble_since = now.mono;
  s.recording_trouble = e.trouble;
}

}  // namespace

health_cause cause_of(errc trouble) noexcept {
  switch (trouble) {
    case errc::io_refused:
      return health_cause::refused;
    case errc::io_unreachable:
    case errc::io_timeout:
    case errc::io_failed:
      return health_cause::unreachable;
    case errc::io_reset:
      return health_cause::reset;
    case errc::io_closed:
      return health_cause::closed;
    case errc::stall_silence:
      return health_cause::silence;
    case errc::stall_rtcp_only:
      return health_cause::rtcp_only;
    case errc::stall_drip:
      return health_cause::drip;
    case errc::auth_rejected:
      return health_cause::wrong_password;
    case errc::sdp_no_video:
    case errc::sdp_codec:
    case errc::codec_malformed:
    case errc::codec_too_large:
      return health_cause::codec;
    default:
      return health_cause::protocol;
  }
}

health_rung rung_below(health_cause cause) noexcept {
  switch (cause) {
    case health_cause::none:
      return health_rung::clock_right;
    case health_cause::refused:
    case health_cause::unreachable:
    case health_cause::unsupervised:
      return health_rung::none;
    case health_cause::reset:
    case health_cause::closed:
    case health_cause::wrong_password:
    case health_cause::protocol:
      return health_rung::reachable;
    case health_cause::codec:
      return health_rung::authenticated;
    case health_cause::silence:
    case health_cause::rtcp_only:
    case health_cause::drip:
      return health_rung::streaming;
    case health_cause::black_picture:
    case health_cause::frozen_picture:
    case health_cause::covered_picture:
    case health_cause::blurred_picture:
    case health_cause::moved_camera:
      return health_rung::advancing;
    case health_cause::not_recorded:
      return health_rung::picture_usable;
    case health_cause::clock_wrong:
      return health_rung::recorded;
  }
  return health_rung::none;
}

camera_health starting_camera(instant now) {
  camera_health s;
  s.status.since_utc_us = now.utc;
  return s;
}

camera_health resumed_camera(camera_status known, instant now) {
  camera_health s;
  const bool delivered = known.state == health_state::live || known.state == health_state::degraded;
  s.status = std::move(known);
  if (!delivered) return s;
  s.advancing_since = now.mono;
  s.last_advance = now.mono;
  // A known defect stands until evidence lifts it.
  switch (s.status.cause) {
    case health_cause::black_picture:
    case health_cause::frozen_picture:
      s.picture.measured = true;
      s.picture.last_arrival = now.mono;
      s.picture.black = s.status.cause == health_cause::black_picture;
      s.picture.frozen = !s.picture.black;
      break;
    case health_cause::covered_picture:
    case health_cause::blurred_picture:
    case health_cause::moved_camera:
      on_finding(s, {{}, s.status.cause, true, now.mono}, now);
      break;
    case health_cause::not_recorded:
      s.advancing_since = now.mono - to_ns(recording_patience) - 1;
      break;
    case health_cause::clock_wrong:
      s.clock_wrong = true;
      break;
    default:
      break;
  }
  return s;
}

health_step step(camera_health state, const health_input& input, instant now,
                 const health_rules& rules) {
  const auto state_before = state.status.state;
  const auto rung_before = state.status.rung;
  const auto cause_before = state.status.cause;

  if (const auto* feed = std::get_if<feed_evidence>(&input)) on_feed(state, *feed, now);
  if (const auto* picture = std::get_if<picture_evidence>(&input))
    if (delivers(state)) state.picture = judge(state.picture, *picture);
  if (const auto* finding = std::get_if<finding_evidence>(&input))
    if (delivers(state)) on_finding(state, *finding, now);
  if (const auto* recording = std::get_if<recording_evidence>(&input))
    on_recording(state, *recording, now);

  if (delivers(state) && now.mono - state.last_advance > to_ns(feed_report_patience))
    fall(state, health_cause::silence, rung_below(health_cause::silence),
         "no report of advancing frames", now);
  if (delivers(state)) {
    state.picture = expire(state.picture, now.mono);
    settle(state, judge_delivering(state, now, rules));
  }

  const bool changed = state.status.state != state_before || state.status.rung != rung_before ||
                       state.status.cause != cause_before;
  return {std::move(state), {changed}};
}

}  // namespace vigie::domain

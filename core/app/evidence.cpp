// SPDX-License-Identifier: Apache-2.0
#include "app/evidence.hpp"

namespace vigie::app {
namespace {

domain::feed_phase to_domain(ingest::feed_phase phase) {
  switch (phase) {
    case ingest::feed_phase::idle:
      return domain::feed_phase::idle;
    case ingest::feed_phase::dialing:
      return domain::feed_phase::dialing;
    case ingest::feed_phase::negotiating:
      return domain::feed_phase::negotiating;
    case ingest::feed_phase::playing:
      return domain::feed_phase::playing;
    case ingest::feed_phase::advancing:
      return domain::feed_phase::advancing;
    case ingest::feed_phase::stalled:
      return domain::feed_phase::stalled;
  }
  return domain::feed_phase::idle;
}

}  // namespace

domain::feed_evidence to_evidence(const ingest::feed_vitals& vitals, const clock& time) {
  domain::feed_evidence out;
  out.camera = vitals.camera;
  out.phase = to_domain(vitals.phase);
  out.trouble = vitals.trouble;
  out.authenticated = vitals.authenticated;
  out.at_mono_ns = vitals.at_mono_ns;
  out.last_frame_mono_ns = vitals.last_unit_mono_ns;
  if (vitals.last_unit_mono_ns != 0)
    out.last_frame_utc_us = time.utc() - (time.mono() - vitals.last_unit_mono_ns) / 1000;
  out.frames_per_s = vitals.frames_per_s;
  out.kbit_per_s = vitals.kbit_per_s;
  out.width_px = vitals.width_px;
  out.height_px = vitals.height_px;
  out.lost_packets = vitals.lost_packets;
  out.access_units = vitals.access_units;
  out.sessions = vitals.sessions;
  out.clock_offset_us = vitals.clock_offset_us;
  return out;
}

domain::picture_evidence to_evidence(const analytics::picture_measure& measure) {
  domain::picture_evidence out;
  out.camera = measure.camera;
  out.arrival_mono_ns = measure.arrival_mono_ns;
  out.decoded = measure.decoded;
  out.dark_share = measure.dark_share;
  out.dark_core_share = measure.dark_core_share;
  out.change = measure.change;
  out.change_without_overlay = measure.change_without_overlay;
  return out;
}

domain::recording_evidence to_evidence(const recording::recording_report& report) {
  domain::recording_evidence out;
  out.camera = report.camera;
  out.last_durable_mono_ns = report.last_durable_mono_ns;
  out.written_frames = report.written_frames;
  out.trouble = report.trouble;
  return out;
}

}  // namespace vigie::app

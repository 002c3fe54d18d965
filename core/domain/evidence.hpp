// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "domain/camera_health.hpp"

// What the media wing proves of a camera, told in the words of the control wing. The composition
// root translates (ingest vitals, picture measures, recorder reports) so that neither wing knows
// the other.
namespace vigie::domain {

/// How far a feed's session has come. Ordered: a later one implies the earlier ones, except
/// `stalled`.
enum class feed_phase : std::uint8_t {
  idle = 1,     ///< waiting to dial (start, back-off)
  dialing,      ///< TCP handshake
  negotiating,  ///< connected, RTSP dialogue not finished
  playing,      ///< PLAY accepted, no complete frame yet
  advancing,    ///< frames advance
  stalled,      ///< was playing or advancing; frames stopped, session still open
};

/// The feed of one camera. Expected at every phase change and about once a second otherwise; when
/// reports stop for `feed_report_patience` the camera counts as silent.
struct feed_evidence {
  camera_id camera;
  feed_phase phase = feed_phase::idle;
  /// Why frames do not advance: of the stall or of the last session's end. Empty once they advance.
  std::optional<error> trouble;
  bool authenticated = false;  ///< the camera accepted our credentials in the current session

  mono_ns at_mono_ns = 0;          ///< when this was taken
  mono_ns last_frame_mono_ns = 0;  ///< arrival of the last complete frame, 0: never
  utc_us last_frame_utc_us = 0;    ///< the same instant in UTC, 0: never
  double frames_per_s = 0;
  double kbit_per_s = 0;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint64_t lost_packets = 0;
  std::uint64_t access_units = 0;  ///< complete frames since the feed started, over all sessions
  std::uint64_t sessions = 0;      ///< sessions that reached `playing`
  /// Camera clock minus our clock, when the camera tells its time.
  std::optional<std::int64_t> clock_offset_us;
};

/// One measured key frame: figures about the picture, nothing about what it shows (LEG-57).
struct picture_evidence {
  camera_id camera;
  mono_ns arrival_mono_ns = 0;
  bool decoded = false;   ///< false: the decoder refused the frame; the figures mean nothing
  double dark_share = 0;  ///< of the picture that is dark, flat and alike, 0..1
  /// The same within its core, where no burned-in text stands.
  double dark_core_share = 0;
  /// Largest luma difference of any part of the picture to the previous measured key frame, 0..255;
  /// negative: no previous.
  double change = -1;
  /// The same, leaving aside what can be a burned-in clock.
  double change_without_overlay = -1;
};

/// What a technical analysis says of a camera's picture: one of its faults began or ended (LEG-57:
/// nothing about persons). It stands until withdrawn; whoever ends the analysis withdraws all.
struct finding_evidence {
  camera_id camera;
  /// black_picture, frozen_picture, covered_picture, blurred_picture or moved_camera.
  health_cause cause = health_cause::blurred_picture;
  bool is_present = false;
  mono_ns at_mono_ns = 0;
};

/// What of one camera reached the disk. Expected about once a second while frames advance.
struct recording_evidence {
  camera_id camera;
  mono_ns last_durable_mono_ns = 0;  ///< arrival time of the newest frame on disk, 0: never
  std::uint64_t written_frames = 0;
  std::optional<error> trouble;  ///< the last write's failure, cleared by a success
};

}  // namespace vigie::domain

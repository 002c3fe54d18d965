// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "media/access_unit.hpp"

namespace vigie::ingest {

/// How far a feed's session has come. Ordered: a later one implies the earlier ones.
enum class feed_phase : std::uint8_t {
  idle = 1,     ///< waiting to dial (start, back-off)
  dialing,      ///< TCP handshake
  negotiating,  ///< connected, RTSP dialogue not finished
  playing,      ///< PLAY accepted, no complete frame yet
  advancing,    ///< frames advance
  stalled,      ///< was playing or advancing; frames stopped, session still open
};

/// What ingest knows of a feed, by value. Sent at every phase change and at most once a second
/// otherwise (coalesced, latest wins).
struct feed_vitals {
  camera_id camera;
  feed_phase phase = feed_phase::idle;
  /// Why the feed is not advancing: of the stall, or of the last session's end. Cleared only when
  /// frames advance again.
  std::optional<error> trouble;
  /// True once the camera has accepted our credentials (or asked for none) in the current session.
  bool authenticated = false;

  mono_ns at_mono_ns = 0;         ///< when this was taken
  mono_ns last_unit_mono_ns = 0;  ///< last complete access unit, 0: never
  std::uint64_t sessions = 0;     ///< sessions that reached `playing`
  std::uint64_t dials = 0;
  std::uint64_t access_units = 0;
  std::uint64_t key_frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost_packets = 0;
  std::uint64_t anomalies = 0;
  std::size_t held_bytes = 0;  ///< in memory for this camera, sinks included
  std::uint64_t relieved = 0;  ///< times it was over its budget and buffers were given up
  double frames_per_s = 0;     ///< over the last few seconds
  double kbit_per_s = 0;
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::optional<media::codec> codec;  ///< of the last picture
  bool is_by_udp = false;
  bool is_encrypted = false;
  /// What the camera did that no standard asks for, over all its sessions: counters that are not 0,
  /// by the names of docs/quirks.md.
  std::vector<std::pair<std::string_view, std::uint64_t>> quirks;
  /// Policies that configs/quirks.toml set for this camera.
  std::vector<std::string_view> overridden;
  /// Camera clock minus our clock, when sender reports allow it (LEG-63).
  std::optional<std::int64_t> clock_offset_us;
};

/// Receives vitals on the shard's thread; must return at once (post to an actor). [ingest]
using vitals_listener = std::function<void(const feed_vitals&)>;

}  // namespace vigie::ingest

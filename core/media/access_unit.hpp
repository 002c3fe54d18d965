// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/clock.hpp"
#include "media/codec_parameters.hpp"
#include "media/unit_bytes.hpp"

namespace vigie::media {

/// How much `capture_utc_us` is worth. Printed on evidence (LEG-63).
enum class time_quality : std::uint8_t {
  arrival = 1,        ///< our own clock at arrival; the camera said nothing usable
  sender_report = 2,  ///< the camera's clock by consistent RTCP sender reports (RFC 3550 §6.4.1)
  swept_arrival =
      3,  ///< as `arrival`, placed within a sweep of the socket by the sender's RTP time
};

/// One coded picture. Immutable and shared from the moment it is published; bytes are never copied
/// again between ingest and disk.
struct access_unit {
  /// Contiguous per feed, from 1; a hole means Vigie itself dropped something.
  std::uint64_t sequence = 0;
  /// Grows when the codec parameters or the media time line change; sinks start anew.
  std::uint32_t stream_generation = 0;
  bool is_key = false;             ///< decodable without any earlier picture (IDR)
  bool starts_after_loss = false;  ///< pictures are missing before this one
  std::uint32_t lost_packets = 0;  ///< RTP packets missed since the previous access unit

  std::uint32_t rtp_ts = 0;  ///< as sent, 90 kHz for video, wraps
  /// Unwrapped, strictly increasing within a generation. In a stream that reorders its pictures:
  /// when to decode this one.
  std::int64_t media_pts_us = 0;
  std::int64_t composition_us = 0;  ///< from then until it is shown; 0 without reordering
  mono_ns arrival_mono_ns = 0;      ///< our monotonic clock when its last byte came
  /// How far that may be off: 0 when the byte was read as it came; of a feed that is swept, no more
  /// than the time between two sweeps.
  std::uint32_t arrival_error_us = 0;
  utc_us capture_utc_us = 0;  ///< best estimate of when the camera saw it
  time_quality quality = time_quality::arrival;

  codec_parameters_ptr parameters;  ///< never null on a published unit
  /// NAL units, each preceded by its size as 4 bytes big-endian (ISO/IEC 14496-15 §5.3.2, as MP4
  /// stores them). Parameter sets are in `parameters`, not here; SEI stays, byte for byte.
  unit_bytes data;
};

using access_unit_ptr = std::shared_ptr<const access_unit>;

}  // namespace vigie::media

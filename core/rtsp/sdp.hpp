// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "media/codec_parameters.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

/// The video track we set up: the first one of a description in a codec we record.
struct video_track {
  media::codec kind = media::codec::h264;
  std::uint8_t payload_type = 96;
  std::uint32_t clock_rate_hz = 90'000;
  std::uint8_t packetization_mode = 0;  ///< H.264 only, RFC 6184 §8.1
  /// H.265 with decoding order numbers in its payloads (`sprop-max-don-diff`, RFC 7798 §7.1).
  bool has_donl = false;
  std::string control;  ///< as written in the description
  /// Parameter sets from `sprop-parameter-sets` or `sprop-vps`, `-sps` and `-pps`: NAL units
  /// without start code, in order. Only a hint, often absent, partial or wrong: in-band sets win
  /// (camera-quirks 75 and 78).
  std::vector<std::vector<std::uint8_t>> parameter_sets;
};

/// What we need of a session description (RFC 4566): only `a=` and `m=` lines are read, everything
/// else may be missing or broken (camera-quirks 50 to 52).
struct session_description {
  std::string control;  ///< of the session level, "" when absent
  std::string tool;  ///< the server's own name for itself, printable ASCII, at most 128 characters
  video_track video;
};

/// Parses a description and selects its video. At most 256 KiB and 64 media are looked at.
/// Errors: sdp_malformed (no media at all), sdp_no_video, sdp_codec (video, but neither H.264 nor
/// H.265 over RTP). [thread-safe]
result<session_description> parse_sdp(std::string_view text, quirk_counters& counters);

}  // namespace vigie::rtsp

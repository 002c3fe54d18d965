// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verify {

using bytes_view = std::span<const std::uint8_t>;

/// One coded picture of a file.
struct sample {
  bytes_view data;
  std::uint64_t decode_time = 0;  ///< ticks of the track
  std::uint32_t duration = 0;
  bool starts_fragment = false;
};

/// What a fragmented MP4 file holds (ISO/IEC 14496-12 §8.8), read by nothing of Vigie's.
struct mp4_file {
  std::vector<sample> samples;
  std::uint32_t timescale = 0;
  bool is_h265 = false;
  std::uint32_t video_tracks = 0;
  std::uint32_t other_tracks = 0;  ///< audio above all: must be none (LEG-21)
  bool is_torn = false;            ///< ends inside a box; everything before it is whole
  std::string damage;              ///< what is wrong elsewhere; empty when sound
};

/// Reads a whole file. Never throws; views point into `file`.
mp4_file read_mp4(bytes_view file);

}  // namespace verify

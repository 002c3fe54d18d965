// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace verify {

/// What the camera farm stamps on every picture it sends.
struct frame_mark {
  std::uint32_t camera = 0;
  std::uint64_t counter = 0;
  std::uint64_t sent_utc_us = 0;
};

/// What one sample of a recording turned out to be.
struct picture {
  bool is_sound = false;  ///< its NAL units, each after a 4-byte size, fill it exactly
  bool is_key = false;    ///< holds a slice decoding can start from
  bool has_slice = false;
  std::optional<frame_mark> mark;
};

/// Reads a sample of an H.264 or H.265 track (ISO/IEC 14496-15 §5.3.2, §8.3.2): only NAL headers
/// and SEI.
picture read_picture(std::span<const std::uint8_t> sample, bool is_h265 = false);

}  // namespace verify

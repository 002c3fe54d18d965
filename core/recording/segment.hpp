// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::recording {

enum class segment_state : std::uint8_t {
  open = 1,  ///< being written, or left so by a crash until recovery has seen it
  closed,
  erasing,  ///< past its retention: the file may already be gone, the journal not yet told
};

/// Where a segment is found: one camera never has two segments with the same start.
struct segment_key {
  camera_id camera;
  utc_us start_utc_us = 0;  ///< whole milliseconds, so that the file's name says it exactly
  friend auto operator<=>(const segment_key&, const segment_key&) = default;
};

/// What the index knows of one recorded file. Only bytes that are written count.
struct segment_row {
  segment_key key;
  utc_us end_utc_us = 0;  ///< start plus the media time written
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
  segment_state state = segment_state::open;
  std::string codecs;  ///< RFC 6381
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  /// Filed start minus the first picture's capture time: not zero after our clock or the camera's
  /// stepped back, when files would otherwise overlap. Lost when an index is rebuilt from files.
  std::int64_t shift_us = 0;
};

/// "20261121T201533400Z". [thread-safe]
std::string start_text(utc_us start);
/// Reads exactly what `start_text` writes. [thread-safe]
std::optional<utc_us> start_from_text(std::string_view text);

/// "cam-0001_20261121T201533400Z": stable for the file's life, safe in a URL. [thread-safe]
std::string segment_id(const segment_key& key);
std::optional<segment_key> segment_from_id(std::string_view id);

/// "2026-11-21/cam-0001/20261121T201533400Z.mp4", below the recordings folder. [thread-safe]
std::filesystem::path segment_path(const segment_key& key);

}  // namespace vigie::recording

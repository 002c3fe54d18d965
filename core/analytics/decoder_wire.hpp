// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace vigie::analytics::wire {

/// What crosses the channel between the centre and its decoder child: fixed-size records in the
/// machine's own byte order (both ends are one build on one machine), each frame followed by its
/// bytes. Either side ends the conversation at the first record that breaks a bound.
///
/// Decoded pictures cross in shared memory: the centre names a slot per picture it wants, the child
/// fills it, and the centre copies what it hands on before it believes any of it.

inline constexpr std::uint32_t hello_magic = 0x56504233;  // "VPB3"

struct hello {
  std::uint32_t magic = hello_magic;
  std::uint32_t sandbox_layers = 0;  ///< plugin_host::sandbox_layer bits
};

/// The centre's first record; the memory's descriptor comes with it.
struct memory_offer {
  std::uint64_t slot_bytes = 0;
  std::uint64_t slots = 0;
};

/// A picture somebody wants of a frame.
struct view_order {
  std::int32_t pixel_format = 0;  ///< VIGIE_PIXEL_…
  std::uint32_t width = 0;        ///< scaled down to, never up; 0: as it comes
  std::uint32_t height = 0;
  std::uint32_t slot = 0;
};
/// What became of it; width 0: it could not be made.
struct view_made {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};
inline constexpr std::uint32_t max_views = 4;

struct frame_header {
  std::uint32_t camera_index = 0;
  std::uint32_t codec = 0;  ///< media::codec
  std::int64_t arrival_mono_ns = 0;
  std::int64_t capture_utc_us = 0;
  /// At most max_frame_bytes; parameter sets and the picture's NAL units with 4-byte sizes.
  std::uint32_t data_bytes = 0;
  std::uint32_t is_measured = 0;  ///< 0 or 1
  std::uint32_t view_count = 0;   ///< at most max_views
  std::uint32_t reserved = 0;
  view_order views[max_views];
};
inline constexpr std::uint32_t max_frame_bytes = 4U << 20;

struct measure {
  std::uint32_t camera_index = 0;
  std::uint32_t decoded = 0;  ///< 0 or 1
  std::int64_t arrival_mono_ns = 0;
  std::int64_t capture_utc_us = 0;
  double dark_share = 0;
  double dark_core_share = 0;
  double change = -1;
  double change_without_overlay = -1;
  view_made views[max_views];
};

static_assert(std::is_trivially_copyable_v<frame_header> && sizeof(frame_header) == 104);
static_assert(std::is_trivially_copyable_v<measure> && sizeof(measure) == 88);

}  // namespace vigie::analytics::wire

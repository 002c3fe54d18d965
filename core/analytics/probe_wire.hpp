// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace vigie::analytics::wire {

/// What crosses the channel between the centre and its decoder child: fixed-size records in the
/// machine's own byte order (both ends are one build on one machine), each request followed by its
/// bytes. Either side ends the conversation at the first record that breaks a bound.

inline constexpr std::uint32_t hello_magic = 0x56504232;  // "VPB2"

struct hello {
  std::uint32_t magic = hello_magic;
  std::uint32_t sandbox_layers = 0;  ///< plugin_host::sandbox_layer bits
};

struct frame_header {
  std::uint32_t camera_index = 0;
  std::uint32_t stream_generation = 0;
  std::int64_t arrival_mono_ns = 0;
  std::int64_t capture_utc_us = 0;
  std::uint32_t sps_bytes = 0;  ///< at most max_parameter_set_bytes
  std::uint32_t pps_bytes = 0;
  std::uint32_t data_bytes = 0;  ///< at most max_frame_bytes; NAL units with 4-byte sizes
  std::uint32_t reserved = 0;
};
inline constexpr std::uint32_t max_parameter_set_bytes = 4096;
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
};

static_assert(std::is_trivially_copyable_v<frame_header> && sizeof(frame_header) == 40);
static_assert(std::is_trivially_copyable_v<measure> && sizeof(measure) == 56);

}  // namespace vigie::analytics::wire

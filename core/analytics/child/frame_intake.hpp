// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/decoder_wire.hpp"

// The child's side of the channel, without channel or decoder. Pure.
namespace vigie::analytics::child {

/// Zeros that FFmpeg wants behind what it decodes (AV_INPUT_BUFFER_PADDING_SIZE).
inline constexpr std::size_t decoder_padding_bytes = 64;

/// One frame of the centre.
struct frame_order {
  wire::frame_header header;
  std::vector<std::uint8_t> annex_b;  ///< see `to_annex_b`
};

/// Moves every complete frame out of `pending` into `frames`. False when a bound is broken: the
/// conversation is over.
bool take_frames(std::vector<std::uint8_t>& pending, std::vector<frame_order>& frames);

/// Size-prefixed NAL units as Annex B, with `decoder_padding_bytes` zeros behind. Empty when the
/// sizes do not add up.
std::vector<std::uint8_t> to_annex_b(std::span<const std::uint8_t> sized_nal_units);

}  // namespace vigie::analytics::child

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analytics/child/picture_statistics.hpp"

namespace vigie::analytics::child {

/// An FFmpeg H.264 decoder for single key frames, reused from frame to frame. One per worker
/// thread: opening one costs more than a small key frame's decoding. Runs in the sandboxed child
/// only.
class picture_decoder {
 public:
  picture_decoder();
  ~picture_decoder();
  picture_decoder(picture_decoder&&) noexcept;

  /// Decodes one key frame given as Annex B and sums its luma up: all that ever leaves the decoder.
  /// Empty when it refuses the frame.
  std::optional<luma_grid> decode(std::span<const std::uint8_t> annex_b);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Parameter sets and size-prefixed NAL units as Annex B, with the zero padding FFmpeg wants.
/// Empty when the sizes do not add up.
std::vector<std::uint8_t> to_annex_b(std::span<const std::uint8_t> sps,
                                     std::span<const std::uint8_t> pps,
                                     std::span<const std::uint8_t> sized_nal_units);

}  // namespace vigie::analytics::child

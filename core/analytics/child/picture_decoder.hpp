// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analytics/child/picture_statistics.hpp"
#include "analytics/decoder_wire.hpp"

namespace vigie::analytics::child {

/// One picture to make of a decoded frame, and where to.
struct view_target {
  wire::view_order order;
  std::span<std::uint8_t> memory;  ///< the order's slot
};

/// What one key frame is decoded for.
struct decode_order {
  std::uint32_t codec = 0;                ///< media::codec
  std::span<const std::uint8_t> annex_b;  ///< with decoder_padding_bytes zeros behind
  bool is_measured = false;
  std::span<const view_target> views;  ///< at most wire::max_views
};
struct decoded {
  bool succeeded = false;
  luma_grid grid;  ///< empty unless measured
  wire::view_made views[wire::max_views];
};

/// FFmpeg decoders for single key frames, reused from frame to frame. One object per worker thread:
/// opening a decoder costs more than a small key frame's decoding. Runs in the sandboxed child
/// only.
class picture_decoder {
 public:
  picture_decoder();
  ~picture_decoder();
  picture_decoder(picture_decoder&&) noexcept;

  /// Decodes one key frame; sums its luma up and makes the ordered pictures.
  decoded decode(const decode_order& order);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::analytics::child

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vigie::analytics::child {

inline constexpr int grid_columns = 64;
inline constexpr int grid_rows = 36;

/// The luma of one decoded picture, summed up: all that ever leaves the decoder.
struct luma_summary {
  double mean = 0;
  double deviation = 0;
  std::vector<float> grid;  ///< grid_columns × grid_rows cell averages, row by row
};

/// An FFmpeg H.264 decoder for single key frames, reused from frame to frame. One per worker
/// thread: opening one costs more than a small key frame's decoding. Runs in the sandboxed child
/// only.
class picture_decoder {
 public:
  picture_decoder();
  ~picture_decoder();
  picture_decoder(picture_decoder&&) noexcept;

  /// Decodes one key frame given as Annex B. Empty when the decoder refuses it.
  std::optional<luma_summary> decode(std::span<const std::uint8_t> annex_b);

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

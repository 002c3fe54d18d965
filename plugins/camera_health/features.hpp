// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigie::camera_health {

/// One luma picture of a camera, as it came: not owned.
struct picture_view {
  const std::uint8_t* data = nullptr;
  std::size_t stride = 0;  ///< bytes from line to line
  int width = 0;
  int height = 0;
};

// Everything is judged at one size, so that a rule means the same for every camera.
inline constexpr int full_width = 320;
inline constexpr int full_height = 180;
inline constexpr int half_width = full_width / 2;
inline constexpr int half_height = full_height / 2;
inline constexpr int cell_columns = 32;
inline constexpr int cell_rows = 18;
inline constexpr std::size_t cell_count = std::size_t{cell_columns} * cell_rows;
inline constexpr int cell_px = full_width / cell_columns;       ///< 10
inline constexpr int half_cell_px = half_width / cell_columns;  ///< 5

template <class Value>
using per_cell = std::array<Value, cell_count>;

/// What one picture says by itself.
struct features {
  /// The picture at half size: sums of 2×2 pixels, 0..1020, row by row.
  std::vector<std::int16_t> half;
  per_cell<float> mean{};  ///< luma, 0..255
  /// Energy of detail one or two pixels wide, what a lens out of focus loses first. Noise has as
  /// much energy along the diagonals as along the axes, edges of things that people build have
  /// not: the difference leaves the noise out, whatever its strength (and may be negative by
  /// chance).
  per_cell<float> fine{};
  per_cell<std::uint64_t> fingerprint{};  ///< of the exact pixels
  float noise = 0;                        ///< standard deviation of a pixel's noise, about
  float brightness = 0;  ///< median of the cells: neither lamps nor a line of text move it
};

/// Pictures of another size are brought to 320×180 first (nearest pixel).
/// Empty `half` when the picture is too small to be judged (under 64×36).
features measure(const picture_view& picture);

}  // namespace vigie::camera_health

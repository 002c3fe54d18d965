// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

// What is said of a picture's luma once it is a grid of cells: figures that a burned-in clock or
// camera name does not spoil. Pure.
namespace vigie::analytics::child {

inline constexpr std::size_t grid_columns = 64;
inline constexpr std::size_t grid_rows = 36;
inline constexpr std::size_t grid_cells = grid_columns * grid_rows;

/// Burned-in text stands in the upper or the lower sixth of the picture: the lines that cameras
/// offer for date and name. What lies between is the core.
inline constexpr std::size_t margin_rows = grid_rows / 6;
/// The most cells that burned-in text covers: 8 %, two lines of large type.
inline constexpr std::size_t overlay_cells = grid_cells * 8 / 100;
/// How far a cell outside the text may follow it. Intra prediction (ITU-T H.264 §8.3) carries a
/// changed clock into the blocks to its right and below, where the quantiser keeps it under one
/// step of luma; a thing that moves changes its cells by more.
inline constexpr float overlay_drift = 1.0F;

/// A dark cell is darker than this (video black is 16), …
inline constexpr float dark_luma = 32;
/// … flat (half the contrast of the faintest edge, above a covered sensor's noise), …
inline constexpr float dark_cell_deviation = 6;
/// … and like the rest of the picture: the glow around a lamp is not.
inline constexpr float dark_spread = 6;

struct luma_cell {
  float mean = 0;       ///< 0..255
  float deviation = 0;  ///< standard deviation inside the cell
};

/// grid_cells cells, row by row.
using luma_grid = std::vector<luma_cell>;

struct darkness {
  double share = 0;       ///< of all cells, 0..1
  double core_share = 0;  ///< of the core's cells, 0..1
};
darkness darkness_of(const luma_grid& grid);

struct picture_change {
  double largest = 0;  ///< of any cell's mean, 0..255
  /// The same without the `overlay_cells` most changed cells; equal to `largest` when one of those
  /// lies in the core and changed by more than `overlay_drift`.
  double without_overlay = 0;
};
picture_change change_between(const luma_grid& before, const luma_grid& after);

}  // namespace vigie::analytics::child

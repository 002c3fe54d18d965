// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigie::simulators {

struct yuv {
  std::uint8_t y = 16;
  std::uint8_t u = 128;
  std::uint8_t v = 128;
};

/// A picture in planar YUV 4:2:0, drawn in directly. Coordinates are fractions of the picture (0 to
/// 1, origin top left), so that a scene looks alike in every size; what lies outside is cut.
class canvas {
 public:
  canvas(unsigned width_px, unsigned height_px);

  unsigned width() const { return width_; }
  unsigned height() const { return height_; }
  const std::vector<std::uint8_t>& luma() const { return y_; }
  const std::vector<std::uint8_t>& blue() const { return u_; }
  const std::vector<std::uint8_t>& red() const { return v_; }

  /// Fills the rows above with one colour; from now on nothing changes there.
  void close_top(unsigned rows_px, yuv colour);

  void fill(yuv colour);
  void rectangle(double x0, double y0, double x1, double y1, yuv colour);
  /// Luma runs from `top` to `bottom`.
  void gradient(double x0, double y0, double x1, double y1, yuv top, std::uint8_t bottom_luma);
  void ellipse(double cx, double cy, double rx, double ry, yuv colour);
  /// A slanted band between two horizontal edges: pavements, road markings, roofs.
  void trapezoid(double top_y, double top_x0, double top_x1, double bottom_y, double bottom_x0,
                 double bottom_x1, yuv colour);
  /// Changes luma by at most ±`strength`; the same seed gives the same grain.
  void grain(std::uint32_t seed, unsigned strength);

 private:
  void span(int row, double x0_px, double x1_px, yuv colour);
  unsigned width_;
  unsigned height_;
  int first_row_ = 0;
  std::vector<std::uint8_t> y_, u_, v_;
};

}  // namespace vigie::simulators

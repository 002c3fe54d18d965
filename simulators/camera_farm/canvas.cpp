// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::simulators {

canvas::canvas(unsigned width_px, unsigned height_px)
    : width_{width_px},
      height_{height_px},
      y_(std::size_t{width_px} * height_px, 16),
      u_(std::size_t{width_px / 2} * (height_px / 2), 128),
      v_(u_.size(), 128) {}

void canvas::span(int row, double x0_px, double x1_px, yuv colour) {
  if (row < first_row_ || row >= static_cast<int>(height_)) return;
  const auto x0 = static_cast<std::size_t>(std::clamp(std::lround(x0_px), 0L, long{width_}));
  const auto x1 = static_cast<std::size_t>(std::clamp(std::lround(x1_px), 0L, long{width_}));
  if (x1 <= x0) return;
  const std::size_t line = static_cast<std::size_t>(row) * width_;
  std::fill(y_.begin() + static_cast<std::ptrdiff_t>(line + x0),
            y_.begin() + static_cast<std::ptrdiff_t>(line + x1), colour.y);
  const std::size_t chroma_line = static_cast<std::size_t>(row / 2) * (width_ / 2);
  if (static_cast<unsigned>(row) / 2 >= height_ / 2) return;
  const auto from = static_cast<std::ptrdiff_t>(chroma_line + x0 / 2);
  const auto to =
      static_cast<std::ptrdiff_t>(chroma_line + std::min<std::size_t>((x1 + 1) / 2, width_ / 2));
  std::fill(u_.begin() + from, u_.begin() + to, colour.u);
  std::fill(v_.begin() + from, v_.begin() + to, colour.v);
}

void canvas::close_top(unsigned rows_px, yuv colour) {
  for (int row = 0; row < static_cast<int>(rows_px); ++row) span(row, 0, width_, colour);
  first_row_ = static_cast<int>(rows_px);
}

void canvas::fill(yuv colour) { rectangle(0, 0, 1, 1, colour); }

void canvas::rectangle(double x0, double y0, double x1, double y1, yuv colour) {
  trapezoid(y0, x0, x1, y1, x0, x1, colour);
}

void canvas::gradient(double x0, double y0, double x1, double y1, yuv top,
                      std::uint8_t bottom_luma) {
  const int first = static_cast<int>(std::lround(y0 * height_));
  const int last = static_cast<int>(std::lround(y1 * height_));
  for (int row = first; row < last; ++row) {
    yuv colour = top;
    const double part = static_cast<double>(row - first) / std::max(1, last - first);
    colour.y = static_cast<std::uint8_t>(std::lround(top.y + (bottom_luma - top.y) * part));
    span(row, x0 * width_, x1 * width_, colour);
  }
}

void canvas::ellipse(double cx, double cy, double rx, double ry, yuv colour) {
  const double centre_y = cy * height_;
  const double radius_y = ry * height_;
  const int first = static_cast<int>(std::floor(centre_y - radius_y));
  const int last = static_cast<int>(std::ceil(centre_y + radius_y));
  for (int row = first; row <= last; ++row) {
    const double offset = (row + 0.5 - centre_y) / radius_y;
    if (offset < -1 || offset > 1) continue;
    const double half = rx * width_ * std::sqrt(1 - offset * offset);
    span(row, cx * width_ - half, cx * width_ + half, colour);
  }
}

void canvas::trapezoid(double top_y, double top_x0, double top_x1, double bottom_y,
                       double bottom_x0, double bottom_x1, yuv colour) {
  const int first = static_cast<int>(std::lround(top_y * height_));
  const int last = static_cast<int>(std::lround(bottom_y * height_));
  for (int row = first; row < last; ++row) {
    const double part = static_cast<double>(row - first) / std::max(1, last - first);
    span(row, (top_x0 + (bottom_x0 - top_x0) * part) * width_,
         (top_x1 + (bottom_x1 - top_x1) * part) * width_, colour);
  }
}

void canvas::grain(std::uint32_t seed, unsigned strength) {
  if (strength == 0) return;
  std::uint32_t state = seed * 2'654'435'761U + 1;
  const std::uint32_t range = 2 * strength + 1;
  for (std::size_t i = static_cast<std::size_t>(first_row_) * width_; i < y_.size(); ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    const int shift = static_cast<int>(((state >> 16) * range) >> 16) - static_cast<int>(strength);
    y_[i] = static_cast<std::uint8_t>(std::clamp(y_[i] + shift, 16, 235));
  }
}

}  // namespace vigie::simulators

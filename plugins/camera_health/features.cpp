// SPDX-License-Identifier: Apache-2.0
#include "features.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace vigie::camera_health {
namespace {

std::vector<std::uint8_t> resized(const picture_view& picture) {
  std::vector<std::uint8_t> out(std::size_t{full_width} * full_height);
  for (int y = 0; y < full_height; ++y) {
    const std::uint8_t* line =
        picture.data + static_cast<std::size_t>(y * picture.height / full_height) * picture.stride;
    for (int x = 0; x < full_width; ++x)
      out[static_cast<std::size_t>(y) * full_width + static_cast<std::size_t>(x)] =
          line[x * picture.width / full_width];
  }
  return out;
}

std::uint64_t mix(std::uint64_t state, std::uint64_t value) {
  state = (state ^ value) * 0x9e3779b97f4a7c15ULL;
  return state ^ (state >> 29);
}

std::uint64_t fingerprint(const std::uint8_t* corner, std::size_t stride) {
  std::uint64_t state = 1;
  for (int y = 0; y < cell_px; ++y, corner += stride) {
    std::uint64_t eight = 0;
    std::uint16_t two = 0;
    std::memcpy(&eight, corner, sizeof eight);
    std::memcpy(&two, corner + sizeof eight, sizeof two);
    state = mix(mix(state, eight), two);
  }
  return state;
}

template <class Range>
float quantile(const Range& values, double part) {
  std::vector<float> sorted(values.begin(), values.end());
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(part * double(sorted.size() - 1));
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

/// One cell: 5×5 groups of 2×2 pixels, each split into its mean and its three details (a Haar
/// step).
void measure_cell(features& out, std::size_t cell, const std::uint8_t* corner, std::size_t stride,
                  std::int16_t* half, float& diagonal) {
  int sum = 0;
  int axes = 0;
  int diagonals = 0;
  for (int y = 0; y < half_cell_px; ++y) {
    const std::uint8_t* upper = corner + static_cast<std::size_t>(2 * y) * stride;
    const std::uint8_t* lower = upper + stride;
    std::int16_t* into = half + y * half_width;
    for (int x = 0; x < half_cell_px; ++x) {
      const int a = upper[2 * x], b = upper[2 * x + 1], c = lower[2 * x], d = lower[2 * x + 1];
      const int across = a - b + c - d, down = a + b - c - d, diagonally = a - b - c + d;
      into[x] = static_cast<std::int16_t>(a + b + c + d);
      sum += a + b + c + d;
      axes += across * across + down * down;
      diagonals += diagonally * diagonally;
    }
  }
  constexpr float groups = half_cell_px * half_cell_px;
  out.mean[cell] = static_cast<float>(sum) / (groups * 4);
  diagonal = static_cast<float>(diagonals) / (groups * 4);
  out.fine[cell] = static_cast<float>(axes) / (groups * 4) - 2 * diagonal;
  out.fingerprint[cell] = fingerprint(corner, stride);
}

}  // namespace

features measure(const picture_view& picture) {
  features out;
  if (picture.data == nullptr || picture.width < 64 || picture.height < 36) return out;
  std::vector<std::uint8_t> scaled;
  const std::uint8_t* data = picture.data;
  std::size_t stride = picture.stride;
  if (picture.width != full_width || picture.height != full_height) {
    scaled = resized(picture);
    data = scaled.data();
    stride = full_width;
  }
  out.half.resize(std::size_t{half_width} * half_height);
  per_cell<float> diagonal{};
  std::size_t cell = 0;
  for (int row = 0; row < cell_rows; ++row)
    for (int column = 0; column < cell_columns; ++column, ++cell)
      measure_cell(
          out, cell, data + static_cast<std::size_t>(row * cell_px) * stride + column * cell_px,
          stride, out.half.data() + row * half_cell_px * half_width + column * half_cell_px,
          diagonal[cell]);
  out.noise = std::sqrt(quantile(diagonal, 0.2));
  out.brightness = quantile(out.mean, 0.5);
  return out;
}

}  // namespace vigie::camera_health

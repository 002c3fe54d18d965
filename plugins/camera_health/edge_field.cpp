// SPDX-License-Identifier: Apache-2.0
#include "edge_field.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vigie::camera_health {
namespace {

// Averaging 2×2 halves the noise; Sobel's weights over 8 leave sqrt(12)/8 of that.
constexpr float noise_in_sobel = 0.5F * 0.433F;

}  // namespace

std::vector<edge_vector> edge_field(std::span<const std::int16_t> half, float scale, float knee) {
  std::vector<edge_vector> out(std::size_t{half_width} * half_height);
  const float unit = 1 / (8 * scale);
  const float floor = knee * knee;
  for (int y = 1; y + 1 < half_height; ++y) {
    const std::int16_t* at = half.data() + static_cast<std::ptrdiff_t>(y) * half_width;
    const std::int16_t* above = at - half_width;
    const std::int16_t* below = at + half_width;
    edge_vector* into = out.data() + static_cast<std::ptrdiff_t>(y) * half_width;
    for (int x = 1; x + 1 < half_width; ++x) {
      const int across =
          above[x + 1] + 2 * at[x + 1] + below[x + 1] - above[x - 1] - 2 * at[x - 1] - below[x - 1];
      const int down =
          below[x - 1] + 2 * below[x] + below[x + 1] - above[x - 1] - 2 * above[x] - above[x + 1];
      const float gx = static_cast<float>(across) * unit;
      const float gy = static_cast<float>(down) * unit;
      const float length = 1 / std::sqrt(gx * gx + gy * gy + floor);
      into[x] = {gx * length, gy * length};
    }
  }
  return out;
}

float knee_for(float noise) { return std::max(4.F, 3 * noise_in_sobel * noise); }

float noise_floor(float noise, float knee) {
  const float power = 2 * noise_in_sobel * noise_in_sobel * noise * noise;
  return power / (power + knee * knee);
}

}  // namespace vigie::camera_health

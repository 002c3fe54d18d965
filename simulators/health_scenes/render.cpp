// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "health_scenes/world.hpp"

namespace vigie::simulators::health {
namespace {

constexpr int over = 2;  ///< samples per pixel and axis, against jagged edges
constexpr int sample_width = picture_width * over;
constexpr int sample_height = picture_height * over;

float lattice(std::uint32_t seed, int x, int y) {
  std::uint32_t h = seed + static_cast<std::uint32_t>(x) * 0x85ebca6bU +
                    static_cast<std::uint32_t>(y) * 0xc2b2ae35U;
  h = (h ^ (h >> 15)) * 0x2c1b3c6dU;
  h ^= h >> 13;
  return static_cast<float>(h & 0xffff) / 32768.F - 1;
}

/// A smooth random pattern, -1..1, with patches of about one unit.
float pattern(std::uint32_t seed, double x, double y) {
  const double fx = std::floor(x), fy = std::floor(y);
  const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
  const float u = static_cast<float>(x - fx), v = static_cast<float>(y - fy);
  const float top = lattice(seed, ix, iy) * (1 - u) + lattice(seed, ix + 1, iy) * u;
  const float bottom = lattice(seed, ix, iy + 1) * (1 - u) + lattice(seed, ix + 1, iy + 1) * u;
  return top * (1 - v) + bottom * v;
}

point to_world(const camera_pose& pose, double u, double v) {
  // The picture is wider than high: turning happens in pixels, not in fractions.
  const double x = (u - 0.5) * picture_width / pose.zoom;
  const double y = (v - 0.5) * picture_height / pose.zoom;
  const double c = std::cos(pose.roll), s = std::sin(pose.roll);
  return {(x * c - y * s) / picture_width + 0.5 + pose.right,
          (x * s + y * c) / picture_height + 0.5 + pose.down};
}

struct sampled {
  std::vector<float> albedo = std::vector<float>(std::size_t{sample_width} * sample_height, 0.5F);
  std::vector<float> glow = std::vector<float>(std::size_t{sample_width} * sample_height, 0.F);
};

void paint(sampled& on, const shape& what, const camera_pose& pose, std::uint32_t seed) {
  std::vector<point> corners;
  double low = sample_height, high = 0;
  for (const point& corner : what.corners) {
    point p = to_picture(pose, corner);
    p.x *= over;
    p.y *= over;
    low = std::min(low, p.y);
    high = std::max(high, p.y);
    corners.push_back(p);
  }
  const int first = std::max(0, static_cast<int>(std::ceil(low - 0.5)));
  const int last = std::min(sample_height - 1, static_cast<int>(std::floor(high - 0.5)));
  for (int row = first; row <= last; ++row) {
    const double y = row + 0.5;
    double left = sample_width, right = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const point a = corners[i], b = corners[(i + 1) % corners.size()];
      if ((a.y <= y) == (b.y <= y)) continue;
      const double x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
      left = std::min(left, x);
      right = std::max(right, x);
    }
    const int from = std::max(0, static_cast<int>(std::ceil(left - 0.5)));
    const int to = std::min(sample_width - 1, static_cast<int>(std::floor(right - 0.5)));
    for (int column = from; column <= to; ++column) {
      float albedo = what.albedo;
      if (what.texture > 0) {
        const point at = to_world(pose, (column + 0.5) / sample_width, y / sample_height);
        albedo *= 1 + what.texture *
                          pattern(seed, at.x * double{what.grain} * 1.8, at.y * double{what.grain});
      }
      const auto i =
          static_cast<std::size_t>(row) * sample_width + static_cast<std::size_t>(column);
      on.albedo[i] = std::clamp(albedo, 0.02F, 1.F);
      on.glow[i] = what.glow;
    }
  }
}

}  // namespace

point to_picture(const camera_pose& pose, point at) {
  const double x = (at.x - 0.5 - pose.right) * picture_width;
  const double y = (at.y - 0.5 - pose.down) * picture_height;
  const double c = std::cos(pose.roll), s = std::sin(pose.roll);
  return {((x * c + y * s) * pose.zoom / picture_width + 0.5) * picture_width,
          ((-x * s + y * c) * pose.zoom / picture_height + 0.5) * picture_height};
}

still_view render(const world& of, const camera_pose& pose) {
  sampled fine;
  std::uint32_t seed = of.texture_seed;
  for (const shape& each : of.shapes) paint(fine, each, pose, seed += 0x51ed27U);
  still_view out;
  for (auto* plane : {&out.albedo, &out.glow, &out.lamp_light, &out.world_x, &out.world_y})
    plane->resize(picture_pixels);
  for (int y = 0; y < picture_height; ++y)
    for (int x = 0; x < picture_width; ++x) {
      const auto i = static_cast<std::size_t>(y) * picture_width + static_cast<std::size_t>(x);
      const auto corner =
          static_cast<std::size_t>(y * over) * sample_width + static_cast<std::size_t>(x * over);
      for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{sample_width},
                                     std::size_t{sample_width} + 1}) {
        out.albedo[i] += fine.albedo[corner + step] / 4;
        out.glow[i] += fine.glow[corner + step] / 4;
      }
      const point at = to_world(pose, (x + 0.5) / picture_width, (y + 0.5) / picture_height);
      out.world_x[i] = static_cast<float>(at.x);
      out.world_y[i] = static_cast<float>(at.y);
      for (const lamp& each : of.lamps) {
        const double dx = at.x - each.at.x, dy = (at.y - each.at.y) * 0.8;
        out.lamp_light[i] += each.power / static_cast<float>(1 + (dx * dx + dy * dy) /
                                                                     (each.reach * each.reach) * 4);
      }
    }
  return out;
}

}  // namespace vigie::simulators::health

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"

namespace vigie::simulators::health {

inline constexpr int picture_width = 320;
inline constexpr int picture_height = 180;
inline constexpr std::size_t picture_pixels = std::size_t{picture_width} * picture_height;

struct point {
  double x = 0;
  double y = 0;
};

/// A flat thing of the scene, in world units: the healthy camera sees x and y from 0 to 1, but the
/// world goes on around (from -0.6 to 1.6), for a camera that is turned.
struct shape {
  std::vector<point> corners;  ///< convex
  float albedo = 0.5F;         ///< share of light given back, 0..1
  float glow = 0;              ///< own light at night, 0..1 (a lit window)
  float texture = 0;           ///< strength of its pattern, relative
  float grain = 20;            ///< patches of the pattern per world unit
};

struct lamp {
  point at;
  double reach = 0.2;
  float power = 1;
};

/// One place with a camera: drawn from a seed, one of five kinds (street, yard, entrance, car park,
/// crossing). Seeds differ in geometry, wealth of detail and light.
struct world {
  std::vector<shape> shapes;  ///< back to front
  std::vector<lamp> lamps;
  std::vector<point> trees;  ///< crowns that sway; radius below
  double tree_radius = 0.06;
  double road_y = 0.75;  ///< where cars pass
  float night_ambient = 0.12F;
  std::uint32_t texture_seed = 1;
};

world make_world(std::uint64_t seed);

/// Where the camera looks: a shift in world units, a turn, a zoom.
struct camera_pose {
  double right = 0;
  double down = 0;
  double roll = 0;  ///< radians
  double zoom = 1;
};

/// The still part of what the camera sees, before any light, per pixel.
struct still_view {
  std::vector<float> albedo;
  std::vector<float> glow;
  std::vector<float> lamp_light;  ///< of the street lamps
  std::vector<float> world_x, world_y;
};

still_view render(const world& of, const camera_pose& pose);

/// Pixel position of a world point under that pose.
point to_picture(const camera_pose& pose, point at);

}  // namespace vigie::simulators::health

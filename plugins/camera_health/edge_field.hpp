// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features.hpp"

namespace vigie::camera_health {

struct edge_vector {
  float x = 0;
  float y = 0;
};

inline float dot(edge_vector a, edge_vector b) { return a.x * b.x + a.y * b.y; }

/// Direction and clearness of the edge at each half-size pixel: near length 1 where the step is
/// much larger than `knee` (in luma), near 0 where it drowns in noise. A strong lamp thus weighs no
/// more than a kerb. `scale`: units of `half` per luma.
std::vector<edge_vector> edge_field(std::span<const std::int16_t> half, float scale, float knee);

/// The step at which an edge stands out of noise of that standard deviation (of a full-size pixel).
float knee_for(float noise);

/// What `dot(e, e)` comes to on average where there is nothing but that noise.
float noise_floor(float noise, float knee);

}  // namespace vigie::camera_health

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "health_scenes/pixels.hpp"

namespace vigie::simulators::health {

/// What comes and goes in a scene: cars and people that pass (seconds apart they are elsewhere),
/// vans that stop for minutes, lamps and headlights at night.
class traffic {
 public:
  explicit traffic(const world& of);

  /// Draws one moment. `daylight` 0..1; `dazzling`: many cars that face the camera.
  void pass(light& on, const camera_pose& pose, double daylight, bool dazzling,
            random_source& random);

 private:
  void car(light& on, point at, double size, double daylight, random_source& random) const;
  void headlights(light& on, point at, double size, bool dazzling, random_source& random) const;

  struct stopped_car {
    double x = 0, y = 0, size = 0;
    float paint = 0;
    int pictures_left = 0;
  };
  double road_y_;
  std::vector<lamp> lamps_;
  stopped_car stopped_;
};

}  // namespace vigie::simulators::health

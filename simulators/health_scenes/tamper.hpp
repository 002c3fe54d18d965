// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "health_scenes/pixels.hpp"
#include "health_scenes/sequence.hpp"

namespace vigie::simulators::health {

/// How the fault of one sequence looks: drawn once from its seed.
class tamper {
 public:
  tamper(label fault, std::uint64_t seed, random_source& random);

  /// Black, blurred and covered: what the fault makes of the light before the sensor.
  void spoil(light& on, bool night) const;
  /// Moved: where the camera looks from now on.
  camera_pose pose() const { return pose_; }
  /// Moved: it hangs and shows another place.
  bool elsewhere() const { return elsewhere_; }
  bool clock_runs_on() const { return clock_runs_on_; }

 private:
  void cover(light& on, bool night) const;

  label fault_;
  camera_pose pose_;
  bool elsewhere_ = false;
  bool clock_runs_on_ = false;
  double blur_px_ = 3;
  float black_level_ = 16;
  int cover_kind_ = 0;
  float cover_luma_ = 80;
  double tilt_ = 0, edge_ = 0.7, slope_ = 0;
};

}  // namespace vigie::simulators::health

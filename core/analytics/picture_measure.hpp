// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::analytics {

/// What the decoder child measured on one key frame. Technical data only: no picture, nothing about
/// persons (LEG-57).
struct picture_measure {
  camera_id camera;
  mono_ns arrival_mono_ns = 0;  ///< of the access unit
  utc_us capture_utc_us = 0;
  bool decoded = false;       ///< false: the decoder refused the frame
  double mean_luma = 0;       ///< 0..255, over the whole picture
  double luma_deviation = 0;  ///< standard deviation of luma, 0..128
  /// Largest luma difference of any cell of a 64×36 grid to that camera's previous measured key
  /// frame, 0..255; negative when there is no previous one. A still scene keeps some sensor noise
  /// (0.5 and more); a frozen encoder repeats itself exactly (0).
  double change = -1;
};

}  // namespace vigie::analytics

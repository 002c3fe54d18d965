// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::analytics {

/// What the decoder child measured on one key frame, over a 64×36 grid of cells. Technical data
/// only: no picture, nothing about persons (LEG-57).
struct picture_measure {
  camera_id camera;
  mono_ns arrival_mono_ns = 0;  ///< of the access unit
  utc_us capture_utc_us = 0;
  bool decoded = false;  ///< false: the decoder refused the frame
  /// Share of cells that show nothing: dark, flat and alike. 0..1
  double dark_share = 0;
  /// The same among the cells of the core: all but the upper and lower sixth, where burned-in text
  /// stands.
  double dark_core_share = 0;
  /// Largest difference of any cell's mean luma to that camera's previous measured key frame,
  /// 0..255; negative when there is no previous one. A still scene keeps some sensor noise (0.4 and
  /// more); a frozen encoder repeats itself exactly (0).
  double change = -1;
  /// The same without the 8 % most changed cells, where these can be a burned-in clock; else as
  /// `change`.
  double change_without_overlay = -1;
};

}  // namespace vigie::analytics

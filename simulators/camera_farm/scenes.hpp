// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "camera_farm/canvas.hpp"

namespace vigie::simulators {

enum class scene : std::uint8_t {
  street = 1,     ///< road with cars both ways, pedestrians, a swaying tree
  entrance,       ///< a public building's glass doors, people in and out
  yard,           ///< a school yard seen from above, children, a ball
  yard_intruder,  ///< the yard, and somebody who stands in its lower right corner
  black,          ///< a covered lens: almost nothing but sensor noise
};

std::string_view name_of(scene s) noexcept;

/// Rows at the top in one colour, without noise: the encoder finds nothing to move there, and
/// motion vectors (bounded to 32 rows) do not reach across them, so that what is shown above the
/// scene (the text row) never leaks into it.
inline constexpr unsigned still_rows_px = 48;

/// Draws what never moves. Deterministic.
canvas draw_background(scene s, unsigned width_px, unsigned height_px);
/// Draws on a copy of the background what moves, at `phase` of the loop (0 to 1; 1 is 0 again),
/// then the sensor's noise of picture `picture`.
void draw_motion(scene s, canvas& on, double phase, std::uint32_t picture);

}  // namespace vigie::simulators

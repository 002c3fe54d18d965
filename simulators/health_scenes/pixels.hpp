// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "health_scenes/world.hpp"

namespace vigie::simulators::health {

/// A picture in the making: luma in 0..255 and beyond (light adds up), one float per pixel.
using light = std::vector<float>;

inline double between(random_source& random, double from, double to) {
  return from + (to - from) * random.unit();
}

void box(light& on, double x0, double y0, double x1, double y1, float value);
/// Adds a soft spot, `strength` at its centre.
void glow(light& on, double x, double y, double rx, double ry, float strength);
/// Blends towards `value` inside a disc with a soft rim.
void veil(light& on, double x, double y, double radius, float value, float opacity);
/// Out of focus: three box filters, as good as a Gaussian of that deviation.
void blur(light& on, double deviation_px);
/// Moves the picture by a fraction of a pixel.
void sway(light& on, float right, float down);
/// Moves what is inside a disc by whole pixels: leaves in the wind.
void rustle(light& on, double x, double y, double rx, double ry, int right, int down);

/// To bytes, with a sensor's noise of that deviation; what leaves 0..255 is cut.
void expose(const light& from, float noise, random_source& random, std::vector<std::uint8_t>& into);
/// A line of text at the top left, as cameras burn it in: white on black, 8×16 per character.
void burn_text(std::vector<std::uint8_t>& on, std::string_view text);

}  // namespace vigie::simulators::health

// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/tamper.hpp"

#include <algorithm>
#include <cmath>

namespace vigie::simulators::health {

tamper::tamper(label fault, std::uint64_t seed, random_source& random) : fault_{fault} {
  clock_runs_on_ = random.unit() < 0.5;
  blur_px_ = between(random, 2.2, 6);
  black_level_ = static_cast<float>(between(random, 14, 26));
  cover_kind_ = static_cast<int>(random.next() % 3);
  cover_luma_ = static_cast<float>(between(random, 60, 190));
  tilt_ = between(random, -0.8, 0.8);
  edge_ = between(random, 0.55, 0.85);
  slope_ = between(random, -40, 40);
  const double side = random.unit() < 0.5 ? -1 : 1;
  switch (seed / 5 % 5) {
    case 0:
      pose_ = {side * between(random, 0.09, 0.4), between(random, -0.05, 0.05), 0, 1};
      break;
    case 1:
      pose_ = {between(random, -0.1, 0.1), between(random, 0.14, 0.4), 0, 1};
      break;
    case 2:
      pose_ = {0, 0, side * between(random, 0.2, 0.6), 1};
      break;
    case 3:
      pose_ = {side * 0.05, 0.02, 0, between(random, 1.35, 1.9)};
      break;
    default:
      elsewhere_ = true;
      break;
  }
}

void tamper::spoil(light& on, bool night) const {
  if (fault_ == label::black) std::fill(on.begin(), on.end(), black_level_);
  if (fault_ == label::blurred) blur(on, blur_px_);
  if (fault_ == label::covered) cover(on, night);
}

/// A bag, a hand, paint, a leaf: near the lens, hence without any sharp line, its rim soft. At
/// night the camera's own infrared lights it.
void tamper::cover(light& on, bool night) const {
  const float level = night ? 45 + cover_luma_ * 0.4F : cover_luma_;
  const double c = std::cos(tilt_), s = std::sin(tilt_);
  for (int y = 0; y < picture_height; ++y)
    for (int x = 0; x < picture_width; ++x) {
      const double u = static_cast<double>(x) / picture_width;
      const double v = static_cast<double>(y) / picture_height;
      double inside = 1;  // all of it
      if (cover_kind_ == 1) inside = (edge_ - ((u - 0.5) * c + (v - 0.5) * s + 0.5)) * 8 + 0.5;
      if (cover_kind_ == 2)
        inside = (edge_ * 0.75 - std::hypot(u - 0.5 - tilt_ * 0.1, (v - 0.5) * 0.9)) * 8 + 0.5;
      const auto share = static_cast<float>(std::clamp(inside, 0.0, 1.0));
      const auto luma = static_cast<float>(level + slope_ * (u - 0.5) * (night ? 0.4 : 1) +
                                           6 * std::sin(u * 5 + tilt_) * std::cos(v * 4));
      float& pixel = on[static_cast<std::size_t>(y) * picture_width + static_cast<std::size_t>(x)];
      pixel += (luma - pixel) * share;
    }
}

}  // namespace vigie::simulators::health

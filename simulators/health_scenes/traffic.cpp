// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/traffic.hpp"

#include <algorithm>

namespace vigie::simulators::health {

traffic::traffic(const world& of) : road_y_{of.road_y}, lamps_{of.lamps} {}

void traffic::car(light& on, point at, double size, double daylight, random_source& random) const {
  const double w = size * picture_width, h = size * 0.55 * picture_height;
  const float brightness = static_cast<float>(0.18 + 0.82 * daylight);
  const float paint = 14 + static_cast<float>(between(random, 20, 190)) * brightness;
  box(on, at.x - w * 0.3, at.y - h * 0.55, at.x + w * 0.28, at.y, 14 + 30 * brightness);
  box(on, at.x - w * 0.5, at.y - h * 0.08, at.x + w * 0.5, at.y + h * 0.5, paint);
  box(on, at.x - w * 0.4, at.y + h * 0.4, at.x - w * 0.25, at.y + h * 0.62, 14);
  box(on, at.x + w * 0.25, at.y + h * 0.4, at.x + w * 0.4, at.y + h * 0.62, 14);
}

void traffic::headlights(light& on, point at, double size, bool dazzling,
                         random_source& random) const {
  const double w = size * picture_width;
  const double spread = dazzling ? between(random, 10, 34) : between(random, 4, 12);
  const auto strength = static_cast<float>(between(random, 120, dazzling ? 420 : 260));
  for (const double side : {-0.3, 0.3}) {
    glow(on, at.x + side * w, at.y + 4, 2.5, 2.5, 400);
    glow(on, at.x + side * w, at.y + 4, spread, spread * 0.8, strength * 0.5F);
  }
  glow(on, at.x, at.y + 16, w * 0.9, 9, strength * 0.25F);
}

void traffic::pass(light& on, const camera_pose& pose, double daylight, bool dazzling,
                   random_source& random) {
  if (daylight < 0.5)
    for (const lamp& each : lamps_) {
      const point at = to_picture(pose, {each.at.x, each.at.y - 0.12});
      glow(on, at.x, at.y, 3, 3, 160);
      glow(on, at.x, at.y, 9, 8, 40);
    }
  if (stopped_.pictures_left > 0) {
    --stopped_.pictures_left;
  } else if (random.unit() < 0.01) {
    stopped_ = {between(random, 0, 1), road_y_ + between(random, -0.05, 0.1),
                between(random, 0.1, 0.28), static_cast<float>(between(random, 20, 190)),
                static_cast<int>(between(random, 6, 120))};
  }
  if (stopped_.pictures_left > 0) {
    const point at = to_picture(pose, {stopped_.x, stopped_.y});
    const double w = stopped_.size * picture_width, h = stopped_.size * 0.9 * picture_height;
    const auto paint = 14 + stopped_.paint * static_cast<float>(0.18 + 0.82 * daylight);
    box(on, at.x - w / 2, at.y - h, at.x + w / 2, at.y, paint);
    box(on, at.x - w * 0.45, at.y - h * 0.9, at.x - w * 0.2, at.y - h * 0.55, paint * 0.4F);
  }
  const int cars = static_cast<int>(between(random, 0, dazzling ? 4.5 : 2.6));
  for (int i = 0; i < cars; ++i) {
    const double y = road_y_ + between(random, -0.08, 0.1);
    const double size = 0.10 + 0.12 * std::max(0.0, y - 0.45);
    const point at = to_picture(pose, {between(random, -0.2, 1.2), y});
    car(on, at, size, daylight, random);
    if (daylight < 0.5 && random.unit() < (dazzling ? 0.9 : 0.4))
      headlights(on, at, size, dazzling, random);
  }
  // Now and then one car looks straight into the lens.
  if (dazzling && random.unit() < 0.06)
    glow(on, between(random, 60, 260), between(random, 70, 150), between(random, 50, 90),
         between(random, 40, 70), 300);
  for (int i = static_cast<int>(between(random, 0, 3.5)); i > 0; --i) {
    const point at = to_picture(pose, {between(random, 0, 1), between(random, 0.55, 0.95)});
    const double h = between(random, 12, 30);
    const float coat = 14 + static_cast<float>(between(random, 15, 170) * (0.18 + 0.82 * daylight));
    box(on, at.x - h * 0.14, at.y - h * 0.75, at.x + h * 0.14, at.y - h * 0.3, coat);
    box(on, at.x - h * 0.1, at.y - h * 0.3, at.x + h * 0.1, at.y, 14 + 20);
    box(on, at.x - h * 0.07, at.y - h, at.x + h * 0.07, at.y - h * 0.77, coat * 0.8F + 20);
  }
}

}  // namespace vigie::simulators::health

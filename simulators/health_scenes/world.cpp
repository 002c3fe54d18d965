// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/world.hpp"

#include <cmath>

namespace vigie::simulators::health {
namespace {

/// Draws a world shape by shape from its random source.
class builder {
 public:
  explicit builder(std::uint64_t seed) : random_{seed * 0x9e3779b97f4a7c15ULL + 11} {
    out_.texture_seed = static_cast<std::uint32_t>(random_.next());
    out_.night_ambient = static_cast<float>(in(0.10, 0.22));
  }

  double in(double from, double to) { return from + (to - from) * random_.unit(); }
  int count(int from, int to) {
    return from + static_cast<int>(random_.next() % static_cast<std::uint64_t>(to - from + 1));
  }
  world take() { return std::move(out_); }

  void box(double x0, double y0, double x1, double y1, double albedo, double texture = 0,
           double grain = 20, double glow = 0) {
    quad({x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, albedo, texture, grain, glow);
  }
  void quad(point a, point b, point c, point d, double albedo, double texture = 0,
            double grain = 20, double glow = 0) {
    out_.shapes.push_back({{a, b, c, d},
                           static_cast<float>(albedo),
                           static_cast<float>(glow),
                           static_cast<float>(texture),
                           static_cast<float>(grain)});
  }
  void disc(double x, double y, double r, double albedo, double texture, double grain) {
    shape s;
    for (int i = 0; i < 14; ++i)
      s.corners.push_back({x + r * std::cos(i * 0.4488), y + r * 1.6 * std::sin(i * 0.4488)});
    s.albedo = static_cast<float>(albedo);
    s.texture = static_cast<float>(texture);
    s.grain = static_cast<float>(grain);
    out_.shapes.push_back(std::move(s));
  }

  void ground(double horizon) {
    box(-0.6, -0.6, 1.6, horizon, in(0.75, 0.95), 0.05, 3);
    box(-0.6, horizon, 1.6, 1.6, in(0.25, 0.45), in(0.1, 0.3), in(30, 90));
  }
  void building(double x0, double x1, double top, double bottom) {
    const double wall = in(0.3, 0.75);
    box(x0, top, x1, bottom, wall, in(0.03, 0.2), in(25, 80));
    box(x0, top - 0.03, x1, top, wall * 0.6);
    const int columns = count(2, 6), rows = count(1, 4);
    const double w = (x1 - x0) / columns, h = (bottom - top) * 0.8 / rows;
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        const double x = x0 + (c + 0.25) * w, y = top + 0.03 + r * h;
        box(x, y, x + w * 0.5, y + h * 0.6, in(0.08, 0.25), 0, 20,
            random_.unit() < 0.25 ? in(0.4, 0.8) : 0);
      }
    box(x0 + w * 0.3, bottom - 0.09, x0 + w * 0.75, bottom, in(0.1, 0.3));
  }
  void row_of_buildings(double bottom) {
    double x = -0.6 + in(0, 0.1);
    while (x < 1.55) {
      const double width = in(0.14, 0.34);
      building(x, x + width, in(0.03, 0.25), bottom);
      x += width + (random_.unit() < 0.3 ? in(0.03, 0.1) : 0);
    }
  }
  void road(double y, double depth) {
    box(-0.6, y, 1.6, y + depth, in(0.14, 0.26), 0.2, 70);
    box(-0.6, y - 0.012, 1.6, y, in(0.55, 0.8));
    box(-0.6, y + depth, 1.6, y + depth + 0.014, in(0.55, 0.8));
    const double pitch = in(0.09, 0.16), offset = in(0, 0.1);
    for (double x = -0.6 + offset; x < 1.6; x += pitch)
      box(x, y + depth * 0.48, x + pitch * 0.55, y + depth * 0.53, 0.85);
    if (random_.unit() < 0.6) {
      const double x0 = in(0.1, 0.7);
      for (int i = 0; i < 6; ++i)
        quad({x0 + i * 0.035, y + 0.01}, {x0 + i * 0.035 + 0.018, y + 0.01},
             {x0 + i * 0.040 + 0.012, y + depth - 0.01}, {x0 + i * 0.040 - 0.008, y + depth - 0.01},
             0.85);
    }
    out_.road_y = y + depth * 0.45;
  }
  void tree(double x, double y, double r) {
    box(x - r * 0.12, y, x + r * 0.12, y + r * 3, 0.15);
    for (int i = 0; i < 5; ++i)
      disc(x + in(-0.5, 0.5) * r, y + in(-0.6, 0.5) * r, r * in(0.55, 0.8), in(0.14, 0.32), 0.5,
           in(60, 130));
    out_.trees.push_back({x, y});
    out_.tree_radius = r;
  }
  void pole(double x, double top, double bottom) {
    box(x - 0.005, top, x + 0.005, bottom, 0.12);
    box(x - 0.02, top - 0.012, x + 0.02, top, 0.5, 0, 20, 1);
    out_.lamps.push_back({{x, top + 0.12}, in(0.18, 0.38), static_cast<float>(in(0.5, 1.1))});
  }
  void parked_car(double x, double y, double size) {
    const double paint = in(0.1, 0.85);
    quad({x - 0.3 * size, y - 0.5 * size}, {x + 0.28 * size, y - 0.5 * size}, {x + 0.5 * size, y},
         {x - 0.48 * size, y}, 0.12);
    box(x - 0.62 * size, y - 0.05 * size, x + 0.62 * size, y + 0.45 * size, paint);
    box(x - 0.5 * size, y + 0.4 * size, x - 0.3 * size, y + 0.62 * size, 0.05);
    box(x + 0.3 * size, y + 0.4 * size, x + 0.5 * size, y + 0.62 * size, 0.05);
  }
  void furniture() {
    for (int i = count(2, 6); i > 0; --i) {
      const double x = in(-0.5, 1.5), y = in(0.5, 0.9), w = in(0.01, 0.05), h = in(0.03, 0.1);
      box(x, y, x + w, y + h, in(0.1, 0.9));
      box(x + w * 0.2, y + h * 0.2, x + w * 0.7, y + h * 0.5, in(0.1, 0.9));
    }
  }
  double chance() { return random_.unit(); }

 private:
  seeded_random random_;
  world out_;
};

void street(builder& b) {
  const double kerb = b.in(0.5, 0.62);
  b.ground(b.in(0.3, 0.42));
  b.row_of_buildings(kerb);
  b.road(kerb + b.in(0.06, 0.1), b.in(0.2, 0.28));
  for (int i = b.count(0, 3); i > 0; --i) b.tree(b.in(-0.3, 1.3), kerb - 0.14, b.in(0.04, 0.08));
  for (double x = b.in(-0.5, -0.2); x < 1.5; x += b.in(0.25, 0.5)) b.pole(x, 0.2, kerb + 0.05);
  b.furniture();
}

void yard(builder& b) {
  b.ground(b.in(0.2, 0.3));
  b.building(-0.6, b.in(0.25, 0.5), 0.05, 0.45);
  b.building(b.in(0.6, 0.75), 1.6, 0.1, 0.42);
  for (int i = b.count(2, 5); i > 0; --i) {
    const double y = b.in(0.5, 1.2), slope = b.in(-0.1, 0.1);
    b.quad({-0.6, y}, {1.6, y + slope}, {1.6, y + slope + 0.012}, {-0.6, y + 0.012}, 0.8);
  }
  for (int i = 0; i < 3; ++i) {
    const double x = b.in(-0.4, 1.4);
    b.quad({x, 0.47}, {x + 0.01, 0.47}, {x + b.in(-0.3, 0.3), 1.4}, {x - 0.02, 1.4}, 0.75);
  }
  for (int i = b.count(1, 4); i > 0; --i) b.tree(b.in(-0.4, 1.4), 0.33, b.in(0.05, 0.09));
  b.pole(b.in(0.2, 0.4), 0.15, 0.6);
  b.pole(b.in(0.6, 0.9), 0.15, 0.6);
  b.furniture();
}

void entrance(builder& b) {
  b.box(-0.6, -0.6, 1.6, 0.65, b.in(0.4, 0.7), b.in(0.05, 0.2), b.in(20, 60));
  b.box(-0.6, 0.65, 1.6, 1.6, b.in(0.3, 0.5), 0.1, 50);
  for (double x = -0.6; x < 1.6; x += 0.11) b.box(x, 0.65, x + 0.006, 1.6, 0.25);
  for (double y = 0.7; y < 1.6; y += 0.08) b.box(-0.6, y, 1.6, y + 0.006, 0.25);
  const double x0 = b.in(0.2, 0.4), x1 = b.in(0.6, 0.8);
  b.box(x0, 0.2, x1, 0.66, 0.12);
  b.box(x0 + 0.02, 0.23, (x0 + x1) / 2 - 0.006, 0.66, b.in(0.25, 0.4), 0, 20, 0.35);
  b.box((x0 + x1) / 2 + 0.006, 0.23, x1 - 0.02, 0.66, b.in(0.25, 0.4), 0, 20, 0.35);
  b.box(x0, 0.1, x1, 0.17, 0.85, 0, 20, 0.3);
  for (double x = x0 + 0.02; x < x1 - 0.03; x += 0.035) b.box(x, 0.115, x + 0.02, 0.155, 0.15);
  for (double x = -0.5; x < 1.5; x += b.in(0.2, 0.3))
    if (x + 0.14 < x0 || x > x1)
      b.box(x, 0.25, x + 0.14, 0.5, 0.18, 0, 20, b.chance() < 0.3 ? 0.5 : 0);
  b.pole(b.in(0.05, 0.2), 0.12, 0.7);
  b.pole(b.in(0.8, 0.95), 0.12, 0.7);
  b.furniture();
}

void car_park(builder& b) {
  b.ground(b.in(0.18, 0.3));
  b.row_of_buildings(b.in(0.28, 0.36));
  for (int row = 0; row < 3; ++row) {
    const double y = 0.42 + row * 0.24, size = 0.09 + row * 0.03;
    for (double x = -0.6 + b.in(0, 0.1); x < 1.6; x += size * 1.55) {
      b.box(x - size * 0.75, y - 0.04, x - size * 0.71, y + size * 0.8, 0.8);
      if (b.chance() < 0.6) b.parked_car(x, y, size);
    }
  }
  for (double x = b.in(-0.4, -0.1); x < 1.5; x += b.in(0.35, 0.6)) b.pole(x, 0.12, 0.5);
  for (int i = b.count(0, 2); i > 0; --i) b.tree(b.in(-0.3, 1.3), 0.25, b.in(0.04, 0.07));
}

void crossing(builder& b) {
  b.ground(b.in(0.25, 0.4));
  b.building(-0.6, b.in(0.2, 0.32), 0.02, 0.55);
  b.building(b.in(0.66, 0.8), 1.6, 0.06, 0.55);
  b.road(b.in(0.58, 0.66), 0.2);
  b.quad({0.40, 0.4}, {0.56, 0.4}, {0.95, 1.6}, {0.05, 1.6}, 0.2, 0.2, 70);
  for (double y = 0.44; y < 1.5; y += 0.1) b.box(0.485, y, 0.495, y + 0.05, 0.85);
  for (int i = 0; i < 7; ++i) b.box(0.30 + i * 0.06, 0.87, 0.335 + i * 0.06, 0.95, 0.85);
  b.pole(b.in(0.3, 0.38), 0.2, 0.6);
  b.pole(b.in(0.62, 0.7), 0.2, 0.6);
  for (int i = b.count(0, 3); i > 0; --i) b.tree(b.in(-0.3, 1.3), 0.4, b.in(0.04, 0.08));
  b.furniture();
}

}  // namespace

world make_world(std::uint64_t seed) {
  builder b{seed};
  switch (seed % 5) {
    case 0:
      street(b);
      break;
    case 1:
      yard(b);
      break;
    case 2:
      entrance(b);
      break;
    case 3:
      car_park(b);
      break;
    default:
      crossing(b);
      break;
  }
  return b.take();
}

}  // namespace vigie::simulators::health

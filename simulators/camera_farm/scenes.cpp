// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/scenes.hpp"

#include <cmath>
#include <numbers>

namespace vigie::simulators {

namespace {

constexpr yuv asphalt{84, 129, 127}, pavement{132, 127, 129}, white_paint{205, 127, 128};
constexpr yuv glass{70, 138, 120}, foliage{78, 112, 112}, trunk{60, 120, 138}, skin{150, 112, 148};
constexpr yuv sky{190, 138, 122}, dark{32, 128, 128}, plaster{172, 122, 134};

double wrap(double value) { return value - std::floor(value); }
double wave(double turns) { return std::sin(2 * std::numbers::pi * turns); }

void car(canvas& on, double x, double y, double size, bool to_right, yuv paint) {
  const double w = 0.17 * size, h = 0.085 * size, sign = to_right ? 1 : -1;
  on.ellipse(x, y + h * 0.55, w * 0.56, h * 0.16, {52, 128, 128});
  on.rectangle(x - w / 2, y - h * 0.15, x + w / 2, y + h * 0.45, paint);
  on.trapezoid(y - h * 0.65, x - w * 0.22, x + w * 0.18, y - h * 0.13, x - w * 0.36, x + w * 0.32,
               paint);
  on.trapezoid(y - h * 0.55, x - w * 0.19, x - w * 0.02, y - h * 0.15, x - w * 0.30, x - w * 0.02,
               glass);
  on.trapezoid(y - h * 0.55, x + w * 0.01, x + w * 0.15, y - h * 0.15, x + w * 0.01, x + w * 0.26,
               glass);
  for (const double side : {-0.29, 0.29}) {
    on.ellipse(x + w * side, y + h * 0.45, h * 0.125, h * 0.22, dark);
    on.ellipse(x + w * side, y + h * 0.45, h * 0.06, h * 0.10, {120, 128, 128});
  }
  const double front = x + sign * w * 0.47, rear = x - sign * w * 0.47;
  on.ellipse(front, y + h * 0.05, 0.008 * size, h * 0.09, {225, 118, 134});
  on.ellipse(rear, y + h * 0.05, 0.007 * size, h * 0.08, {90, 108, 200});
}

void person(canvas& on, double x, double y, double size, double step, yuv coat) {
  const double h = 0.17 * size, w = 0.030 * size, stride = wave(step) * w * 0.7;
  on.ellipse(x, y, w * 0.9, h * 0.05, {72, 128, 128});
  on.trapezoid(y - h * 0.45, x - w * 0.30, x, y, x - w * 0.30 - stride, x - stride, {45, 134, 124});
  on.trapezoid(y - h * 0.45, x, x + w * 0.30, y, x + stride, x + w * 0.30 + stride, {52, 134, 124});
  on.rectangle(x - w * 0.42, y - h * 0.82, x + w * 0.42, y - h * 0.40, coat);
  on.ellipse(x, y - h * 0.82, w * 0.42, h * 0.06, coat);
  on.ellipse(x, y - h * 0.94, w * 0.26, h * 0.085, skin);
  on.ellipse(x, y - h * 0.99, w * 0.27, h * 0.05, {40, 124, 132});
}

void tree(canvas& on, double x, double y, double size, double sway) {
  on.trapezoid(y - 0.30 * size, x - 0.008 * size, x + 0.008 * size, y, x - 0.014 * size,
               x + 0.014 * size, trunk);
  constexpr double leaves[][4] = {{0, -0.40, 0.085, 0.10},
                                  {-0.055, -0.33, 0.060, 0.08},
                                  {0.055, -0.34, 0.065, 0.085},
                                  {0.01, -0.29, 0.070, 0.06}};
  unsigned i = 0;
  for (const auto& leaf : leaves) {
    yuv shade = foliage;
    shade.y = static_cast<std::uint8_t>(shade.y + i * 9);
    on.ellipse(x + leaf[0] * size + sway * (0.5 - leaf[1]), y + leaf[1] * size, leaf[2] * size,
               leaf[3] * size, shade);
    ++i;
  }
}

void windows(canvas& on, double x0, double y0, double x1, double y1, int columns, int rows,
             yuv pane) {
  const double w = (x1 - x0) / columns, h = (y1 - y0) / rows;
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const double x = x0 + c * w + w * 0.25, y = y0 + r * h + h * 0.2;
      on.rectangle(x - 0.003, y - 0.006, x + w * 0.5 + 0.003, y + h * 0.6 + 0.006, {185, 126, 130});
      on.rectangle(x, y, x + w * 0.5, y + h * 0.6, pane);
    }
}

void street_background(canvas& on) {
  on.gradient(0, 0.13, 1, 0.34, sky, 206);
  on.rectangle(0.00, 0.17, 0.27, 0.56, {148, 118, 138});
  windows(on, 0.01, 0.20, 0.26, 0.50, 5, 2, glass);
  on.rectangle(0.27, 0.22, 0.46, 0.56, {120, 122, 140});
  on.trapezoid(0.16, 0.29, 0.44, 0.22, 0.26, 0.47, {76, 118, 150});
  windows(on, 0.28, 0.25, 0.45, 0.42, 4, 1, glass);
  on.rectangle(0.29, 0.46, 0.44, 0.55, {62, 140, 120});
  on.rectangle(0.46, 0.30, 0.70, 0.56, {164, 122, 132});
  windows(on, 0.47, 0.32, 0.69, 0.52, 6, 2, {88, 136, 122});
  on.rectangle(0.70, 0.18, 1.00, 0.56, {136, 124, 134});
  windows(on, 0.71, 0.21, 0.99, 0.50, 6, 2, glass);
  on.rectangle(0, 0.56, 1, 0.62, pavement);
  on.rectangle(0, 0.615, 1, 0.625, {160, 127, 128});
  on.gradient(0, 0.625, 1, 0.92, asphalt, 98);
  on.rectangle(0, 0.92, 1, 1, pavement);
  on.rectangle(0, 0.915, 1, 0.927, {168, 127, 128});
  for (int i = 0; i < 9; ++i)
    on.trapezoid(0.763, 0.02 + i * 0.12, 0.085 + i * 0.12, 0.775, 0.015 + i * 0.12,
                 0.082 + i * 0.12, white_paint);
  for (int i = 0; i < 7; ++i)
    on.trapezoid(0.64 + i * 0.039, 0.60 - i * 0.004, 0.70 - i * 0.003, 0.660 + i * 0.039,
                 0.597 - i * 0.004, 0.698 - i * 0.003, white_paint);
  on.rectangle(0.915, 0.30, 0.921, 0.62, {70, 128, 128});
  on.ellipse(0.918, 0.30, 0.016, 0.018, {215, 120, 132});
}

void street_motion(canvas& on, double phase) {
  tree(on, 0.80, 0.61, 0.80, 0.012 * wave(phase * 3));
  person(on, wrap(0.15 + phase) * 1.1 - 0.05, 0.605, 0.62, phase * 14, {96, 150, 112});
  person(on, 1.05 - wrap(0.55 + phase) * 1.1, 0.600, 0.60, phase * 13, {120, 110, 170});
  car(on, 1.15 - wrap(0.30 + phase) * 1.3, 0.695, 0.92, false, {168, 128, 126});
  car(on, 1.15 - wrap(0.78 + phase) * 1.3, 0.690, 0.90, false, {92, 152, 108});
  car(on, wrap(0.10 + phase * 2) * 1.4 - 0.2, 0.835, 1.20, true, {98, 108, 196});
  car(on, wrap(0.62 + phase) * 1.4 - 0.2, 0.845, 1.25, true, {58, 132, 126});
  person(on, wrap(0.40 + phase) * 1.2 - 0.1, 0.985, 1.05, phase * 12, {150, 104, 140});
}

void entrance_background(canvas& on) {
  on.gradient(0, 0.13, 1, 0.66, plaster, 150);
  for (int i = 2; i < 8; ++i) on.rectangle(0, i * 0.083, 1, i * 0.083 + 0.004, {146, 122, 134});
  on.rectangle(0.22, 0.155, 0.78, 0.215, {64, 148, 112});
  for (int i = 0; i < 9; ++i)
    on.rectangle(0.36 + i * 0.032, 0.172, 0.380 + i * 0.032, 0.198, {210, 126, 128});
  windows(on, 0.03, 0.24, 0.22, 0.58, 2, 1, {96, 136, 122});
  windows(on, 0.78, 0.24, 0.97, 0.58, 2, 1, {96, 136, 122});
  on.rectangle(0.28, 0.23, 0.72, 0.66, {58, 130, 126});
  on.gradient(0.295, 0.25, 0.705, 0.66, {84, 134, 124}, 112);
  on.gradient(0, 0.66, 1, 0.77, {118, 127, 130}, 128);
  on.trapezoid(0.66, 0.10, 0.90, 0.71, 0.06, 0.94, {178, 126, 130});
  on.trapezoid(0.71, 0.06, 0.94, 0.77, 0.01, 0.99, {160, 126, 130});
  on.gradient(0, 0.77, 1, 1, {128, 127, 130}, 112);
  for (int i = 1; i < 5; ++i)
    on.rectangle(0, 0.77 + i * 0.05, 1, 0.774 + i * 0.05, {106, 127, 130});
  on.trapezoid(0.77, 0.47, 0.53, 1, 0.44, 0.56, {96, 124, 142});
}

void entrance_motion(canvas& on, double phase) {
  const double opening = 0.5 + 0.5 * wave(phase * 2);
  const double slide = 0.085 * opening;
  on.rectangle(0.300 - slide * 0.1, 0.26, 0.495 - slide, 0.66, {104, 140, 120});
  on.rectangle(0.505 + slide, 0.26, 0.700 + slide * 0.1, 0.66, {104, 140, 120});
  on.rectangle(0.487 - slide, 0.26, 0.495 - slide, 0.66, {60, 128, 128});
  on.rectangle(0.505 + slide, 0.26, 0.513 + slide, 0.66, {60, 128, 128});
  const double in = wrap(phase), out = wrap(phase + 0.5);
  person(on, 0.52 + 0.10 * in, 0.70 + 0.28 * in, 1.0 + 0.7 * in, phase * 14, {104, 148, 108});
  person(on, 0.34 + 0.14 * out, 0.98 - 0.29 * out, 1.7 - 0.75 * out, phase * 12, {90, 112, 176});
  person(on, wrap(phase + 0.2) * 1.2 - 0.1, 0.93, 1.5, phase * 15, {140, 118, 122});
  tree(on, 0.10, 0.80, 0.62, 0.010 * wave(phase * 4));
  tree(on, 0.90, 0.80, 0.62, 0.010 * wave(phase * 4 + 0.3));
}

void yard_background(canvas& on) {
  on.gradient(0, 0.13, 1, 0.20, sky, 200);
  on.gradient(0, 0.20, 1, 0.40, {92, 116, 118}, 108);
  on.rectangle(0.05, 0.14, 0.95, 0.40, {152, 116, 140});
  on.rectangle(0.05, 0.14, 0.95, 0.165, {96, 122, 140});
  windows(on, 0.07, 0.19, 0.93, 0.36, 14, 1, glass);
  on.rectangle(0.46, 0.25, 0.54, 0.40, {74, 118, 150});
  on.gradient(0, 0.40, 1, 1, {138, 124, 132}, 118);
  on.trapezoid(0.50, 0.25, 0.75, 0.93, 0.08, 0.92, {108, 118, 146});
  on.trapezoid(0.505, 0.255, 0.745, 0.513, 0.252, 0.748, white_paint);
  on.trapezoid(0.915, 0.090, 0.910, 0.928, 0.084, 0.916, white_paint);
  on.trapezoid(0.50, 0.250, 0.256, 0.93, 0.080, 0.092, white_paint);
  on.trapezoid(0.50, 0.744, 0.750, 0.93, 0.908, 0.920, white_paint);
  on.trapezoid(0.50, 0.497, 0.503, 0.93, 0.495, 0.505, white_paint);
  on.ellipse(0.5, 0.69, 0.085, 0.075, white_paint);
  on.ellipse(0.5, 0.69, 0.078, 0.066, {112, 118, 146});
  for (int i = 0; i <= 24; ++i)
    on.rectangle(i / 24.0, 0.385, i / 24.0 + 0.003, 0.46, {70, 126, 126});
  on.rectangle(0, 0.39, 1, 0.394, {70, 126, 126});
  on.rectangle(0, 0.45, 1, 0.454, {70, 126, 126});
}

void yard_motion(canvas& on, double phase) {
  tree(on, 0.07, 0.56, 0.74, 0.012 * wave(phase * 3));
  tree(on, 0.94, 0.56, 0.74, 0.012 * wave(phase * 3 + 0.4));
  constexpr yuv coats[] = {{100, 150, 110}, {110, 108, 185}, {165, 96, 140},
                           {80, 130, 126},  {140, 150, 100}, {120, 120, 150}};
  for (unsigned i = 0; i < 6; ++i) {
    const double turn = phase * (i % 2 == 0 ? 1 : -1) + i / 6.0;
    const double x = 0.5 + (0.12 + 0.04 * i) * wave(turn);
    const double y = 0.74 + (0.05 + 0.018 * i) * wave(turn + 0.25);
    person(on, x, y, 0.35 + 0.75 * (y - 0.4), phase * (16 + i), coats[i]);
  }
  const double bounce = std::fabs(wave(phase * 6));
  on.ellipse(0.5 + 0.20 * wave(phase * 2), 0.76 - 0.08 * bounce, 0.011, 0.019, {180, 90, 165});
  person(on, wrap(phase + 0.1) * 1.1 - 0.05, 0.49, 0.62, phase * 12, {60, 132, 126});
}

}  // namespace

std::string_view name_of(scene s) noexcept {
  switch (s) {
    case scene::street:
      return "street";
    case scene::entrance:
      return "entrance";
    case scene::yard:
      return "yard";
    case scene::yard_intruder:
      return "yard_intruder";
    case scene::black:
      return "black";
  }
  return "?";
}

canvas draw_background(scene s, unsigned width_px, unsigned height_px) {
  canvas on{width_px, height_px};
  switch (s) {
    case scene::street:
      street_background(on);
      break;
    case scene::entrance:
      entrance_background(on);
      break;
    case scene::yard:
    case scene::yard_intruder:
      yard_background(on);
      break;
    case scene::black:
      break;
  }
  if (s == scene::black) {
    on.close_top(still_rows_px, {});
    return on;
  }
  on.close_top(still_rows_px, s == scene::entrance ? plaster : sky);
  on.grain(7, 2);
  return on;
}

void draw_motion(scene s, canvas& on, double phase, std::uint32_t picture) {
  switch (s) {
    case scene::street:
      street_motion(on, phase);
      break;
    case scene::entrance:
      entrance_motion(on, phase);
      break;
    case scene::yard:
      yard_motion(on, phase);
      break;
    case scene::yard_intruder:
      yard_motion(on, phase);
      person(on, 0.90, 0.985, 1.5, phase * 2, {36, 132, 126});
      break;
    case scene::black:
      break;
  }
  on.grain(1000 + picture, 1);
}

}  // namespace vigie::simulators

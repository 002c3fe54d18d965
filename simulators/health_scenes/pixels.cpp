// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "camera_farm/font.hpp"

namespace vigie::simulators::health {
namespace {

struct window {
  int left, top, right, bottom;
};

/// Whole pixels of a rectangle, cut to the picture.
window cut(double x0, double y0, double x1, double y1) {
  return {std::max(0, static_cast<int>(std::lround(x0))),
          std::max(0, static_cast<int>(std::lround(y0))),
          std::min(picture_width, static_cast<int>(std::lround(x1))),
          std::min(picture_height, static_cast<int>(std::lround(y1)))};
}

float& at(light& on, int x, int y) {
  return on[static_cast<std::size_t>(y) * picture_width + static_cast<std::size_t>(x)];
}

/// One running mean of `2 * radius + 1` samples; the border is repeated.
void running_mean(const float* from, float* to, int count, std::ptrdiff_t step, int radius) {
  const auto sample = [&](int i) { return from[std::clamp(i, 0, count - 1) * step]; };
  float sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += sample(i);
  const float part = 1 / static_cast<float>(2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    to[i * step] = sum * part;
    sum += sample(i + radius + 1) - sample(i - radius);
  }
}

const std::vector<float>& normal_deviates() {
  static const std::vector<float> table = [] {
    std::mt19937 engine{20261121};
    std::normal_distribution<float> normal;
    std::vector<float> values(1U << 17);
    for (float& value : values) value = normal(engine);
    return values;
  }();
  return table;
}

}  // namespace

void box(light& on, double x0, double y0, double x1, double y1, float value) {
  const window w = cut(x0, y0, x1, y1);
  for (int y = w.top; y < w.bottom; ++y)
    for (int x = w.left; x < w.right; ++x) at(on, x, y) = value;
}

void glow(light& on, double x, double y, double rx, double ry, float strength) {
  const window w = cut(x - 3 * rx, y - 3 * ry, x + 3 * rx, y + 3 * ry);
  for (int row = w.top; row < w.bottom; ++row)
    for (int column = w.left; column < w.right; ++column) {
      const double dx = (column - x) / rx, dy = (row - y) / ry;
      at(on, column, row) += strength * static_cast<float>(std::exp(-0.5 * (dx * dx + dy * dy)));
    }
}

void veil(light& on, double x, double y, double radius, float value, float opacity) {
  const window w = cut(x - radius, y - radius, x + radius, y + radius);
  for (int row = w.top; row < w.bottom; ++row)
    for (int column = w.left; column < w.right; ++column) {
      const double d = std::hypot(column - x, row - y) / radius;
      if (d >= 1) continue;
      const float share = opacity * static_cast<float>(std::min(1.0, 3 * (1 - d)));
      float& pixel = at(on, column, row);
      pixel += (value - pixel) * share;
    }
}

void blur(light& on, double deviation_px) {
  // Three passes of radius r have the variance r(r+1).
  const int radius = std::max(
      1, static_cast<int>(std::lround(std::sqrt(deviation_px * deviation_px + 0.25) - 0.5)));
  light other(on.size());
  for (int pass = 0; pass < 3; ++pass) {
    for (int y = 0; y < picture_height; ++y)
      running_mean(&at(on, 0, y), &at(other, 0, y), picture_width, 1, radius);
    for (int x = 0; x < picture_width; ++x)
      running_mean(&at(other, x, 0), &at(on, x, 0), picture_height, picture_width, radius);
  }
}

void sway(light& on, float right, float down) {
  const light from = on;
  for (int y = 1; y + 1 < picture_height; ++y)
    for (int x = 1; x + 1 < picture_width; ++x) {
      const auto i = static_cast<std::size_t>(y) * picture_width + static_cast<std::size_t>(x);
      const float aside = right < 0 ? from[i + 1] : from[i - 1];
      const float below = down < 0 ? from[i + picture_width] : from[i - picture_width];
      const float r = std::fabs(right), d = std::fabs(down);
      on[i] = from[i] * (1 - r) * (1 - d) + aside * r + below * d * (1 - r);
    }
}

void rustle(light& on, double x, double y, double rx, double ry, int right, int down) {
  const light from = on;
  const window w = cut(x - rx, y - ry, x + rx, y + ry);
  for (int row = w.top; row < w.bottom; ++row)
    for (int column = w.left; column < w.right; ++column) {
      const double dx = (column - x) / rx, dy = (row - y) / ry;
      if (dx * dx + dy * dy > 1) continue;
      const int sx = std::clamp(column + right, 0, picture_width - 1);
      const int sy = std::clamp(row + down, 0, picture_height - 1);
      at(on, column, row) =
          from[static_cast<std::size_t>(sy) * picture_width + static_cast<std::size_t>(sx)];
    }
}

void expose(const light& from, float noise, random_source& random,
            std::vector<std::uint8_t>& into) {
  const auto& table = normal_deviates();
  into.resize(from.size());
  for (int y = 0; y < picture_height; ++y) {
    const float* grain = table.data() + random.next() % (table.size() - picture_width);
    const float* line = from.data() + static_cast<std::ptrdiff_t>(y) * picture_width;
    std::uint8_t* out = into.data() + static_cast<std::ptrdiff_t>(y) * picture_width;
    for (int x = 0; x < picture_width; ++x)
      out[x] = static_cast<std::uint8_t>(std::clamp(line[x] + noise * grain[x] + 0.5F, 0.F, 255.F));
  }
}

void burn_text(std::vector<std::uint8_t>& on, std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size() && (i + 2) * 8 <= picture_width; i += 2) {
    const luma_cell cell = draw_cell(text[i], text[i + 1]);
    for (std::size_t row = 0; row < 16; ++row)
      std::copy_n(cell.begin() + static_cast<std::ptrdiff_t>(row * 16), 16,
                  on.begin() + static_cast<std::ptrdiff_t>(row * picture_width + i * 8));
  }
}

}  // namespace vigie::simulators::health

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "zone_intrusion/zone_core.hpp"

namespace vigie::test {

/// Grey pictures of a yard at night, drawn: textured ground, a fence, a sensor's grain. Seeded.
class drawn_yard {
 public:
  static constexpr int width = 320;
  static constexpr int height = 180;

  explicit drawn_yard(std::uint32_t seed) : random_{seed}, ground_(width * height) {
    std::uniform_int_distribution<int> texture{-18, 18};
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        ground_[index(x, y)] = 70 + y / 4 + (x / 20 % 2) * 6 + texture(random_) / 3;
    for (int x = 0; x < width; x += 16)
      for (int y = 40; y < 80; ++y) ground_[index(x, y)] = 130;
  }

  int light = 0;       ///< added to everything
  int grain = 4;       ///< of the sensor, ±
  double dimming = 1;  ///< of the whole picture

  void box(int x, int y, int w, int h, int luma) { boxes_.push_back({x, y, w, h, luma}); }
  void clear() { boxes_.clear(); }
  void mirror() { std::reverse(ground_.begin(), ground_.end()); }

  zone_intrusion::grey_view next() {
    std::uniform_int_distribution<int> noise{-grain, grain};
    shown_.resize(ground_.size());
    auto scene = ground_;
    for (const auto& b : boxes_)
      for (int y = std::max(0, b.y); y < std::min(height, b.y + b.h); ++y)
        for (int x = std::max(0, b.x); x < std::min(width, b.x + b.w); ++x)
          scene[index(x, y)] = b.luma;
    for (std::size_t i = 0; i < scene.size(); ++i)
      shown_[i] = static_cast<std::uint8_t>(
          std::clamp(static_cast<int>(scene[i] * dimming) + light + noise(random_), 0, 255));
    return {shown_.data(), width, width, height};
  }

 private:
  struct drawn {
    int x, y, w, h, luma;
  };
  static std::size_t index(int x, int y) { return static_cast<std::size_t>(y * width + x); }
  std::mt19937 random_;
  std::vector<int> ground_;
  std::vector<drawn> boxes_;
  std::vector<std::uint8_t> shown_;
};

}  // namespace vigie::test

// SPDX-License-Identifier: Apache-2.0
#include "zone_intrusion/zone_core.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vigie::zone_intrusion {
namespace {

constexpr int grid_points = grid_width * grid_height;
constexpr int pictures_to_learn = 6;   // before anything is signalled
constexpr int pictures_to_enter = 2;   // one picture alone can be damaged
constexpr int pictures_to_leave = 3;   // somebody behind a post is still there
constexpr float least_contrast = 14;   // of 255; below, it is noise and compression
constexpr float usual_spreads = 4;     // leaves in the wind spread a lot, and are let be
constexpr int strange_share_pct = 45;  // of the picture: not a person, another picture
constexpr int strange_to_relearn = 2;

std::size_t at(int x, int y) noexcept { return static_cast<std::size_t>(y * grid_width + x); }

/// Even-odd rule at the middle of a point of the grid.
bool is_inside(const std::vector<corner>& zone, int gx, int gy) noexcept {
  const double x = (gx + 0.5) * 1000 / grid_width;
  const double y = (gy + 0.5) * 1000 / grid_height;
  bool inside = false;
  for (std::size_t i = 0, j = zone.size() - 1; i < zone.size(); j = i++) {
    const auto& a = zone[i];
    const auto& b = zone[j];
    if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

}  // namespace

zone_core::zone_core(zone_setup setup)
    : setup_{std::move(setup)},
      in_zone_(grid_points),
      now_(grid_points),
      usual_(grid_points),
      differs_(grid_points) {
  for (int y = 0; y < grid_height; ++y)
    for (int x = 0; x < grid_width; ++x)
      if (is_inside(setup_.zone, x, y)) {
        in_zone_[at(x, y)] = 1;
        ++zone_points_;
      }
}

/// Means of the picture's blocks: what a sensor's grain and a codec's blocks do goes under.
void zone_core::shrink(const grey_view& picture) {
  for (int y = 0; y < grid_height; ++y) {
    const int y0 = y * picture.height / grid_height;
    const int y1 = std::max(y0 + 1, (y + 1) * picture.height / grid_height);
    for (int x = 0; x < grid_width; ++x) {
      const int x0 = x * picture.width / grid_width;
      const int x1 = std::max(x0 + 1, (x + 1) * picture.width / grid_width);
      unsigned sum = 0;
      for (int py = y0; py < y1; ++py) {
        const auto* const line = picture.data + static_cast<std::size_t>(py) * picture.stride;
        for (int px = x0; px < x1; ++px) sum += line[px];
      }
      now_[at(x, y)] = static_cast<float>(sum) / static_cast<float>((y1 - y0) * (x1 - x0));
    }
  }
}

/// How much lighter the picture as a whole is than usual: the median, so that what moves in it has
/// no say.
float zone_core::light_change() const {
  std::vector<float> difference(grid_points);
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = now_[i] - usual_[i].mean;
  const auto middle = difference.begin() + grid_points / 2;
  std::nth_element(difference.begin(), middle, difference.end());
  return *middle;
}

void zone_core::learn(float light) {
  // The first pictures weigh alike; later what is new is taken in over minutes, what is usual at
  // once.
  const float young = 1.0F / static_cast<float>(learnt_ + 1);
  for (std::size_t i = 0; i < usual_.size(); ++i) {
    const float rate = learnt_ < pictures_to_learn ? young : differs_[i] != 0 ? 0.01F : 0.08F;
    const float difference = now_[i] - light - usual_[i].mean;
    usual_[i].mean += rate * difference + (learnt_ < pictures_to_learn ? 0 : 0.08F * light);
    // The very first picture has no usual to differ from.
    if (learnt_ > 0) usual_[i].spread += rate * (std::abs(difference) - usual_[i].spread);
  }
  learnt_ = std::min(learnt_ + 1, 1'000'000);
}

zone_core::blob zone_core::find_in_zone(float light) {
  differing_ = 0;
  for (std::size_t i = 0; i < usual_.size(); ++i) {
    const float limit = std::max(least_contrast, usual_spreads * usual_[i].spread);
    differs_[i] = std::abs(now_[i] - light - usual_[i].mean) > limit ? 1 : 0;
    differing_ += differs_[i];
  }
  blob found;
  for (int y = 1; y + 1 < grid_height; ++y)
    for (int x = 1; x + 1 < grid_width; ++x) {
      if (differs_[at(x, y)] == 0 || in_zone_[at(x, y)] == 0) continue;
      // A point alone is no thing: five of its eight neighbours must differ as well.
      int around = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) around += differs_[at(x + dx, y + dy)];
      if (around < 6) continue;
      ++found.points;
      found.left = std::min(found.left, x);
      found.right = std::max(found.right, x);
      found.top = std::min(found.top, y);
      found.bottom = std::max(found.bottom, y);
    }
  return found;
}

std::optional<zone_change> zone_core::judge(const blob& found, bool is_armed) {
  const double smallest = std::max(4.0, zone_points_ * setup_.smallest_percent / 100);
  // What is inside must shrink to half before it counts as gone.
  const bool is_there = is_armed && found.points >= (is_inside_ ? smallest / 2 : smallest);
  seen_in_ = is_there ? seen_in_ + 1 : 0;
  seen_out_ = is_there ? 0 : seen_out_ + 1;
  if (!is_inside_ && seen_in_ >= pictures_to_enter) {
    is_inside_ = true;
    return zone_change{true,
                       std::min(1.0, 0.5 * found.points / smallest),
                       found.left * 1000 / grid_width,
                       found.top * 1000 / grid_height,
                       (found.right + 1) * 1000 / grid_width,
                       (found.bottom + 1) * 1000 / grid_height};
  }
  if (is_inside_ && (!is_armed || seen_out_ >= pictures_to_leave)) {
    is_inside_ = false;
    return zone_change{};
  }
  return std::nullopt;
}

std::optional<zone_change> zone_core::observe(const grey_view& picture, std::int64_t utc_us) {
  const int minute = local_minute(utc_us);
  const bool is_armed = std::any_of(setup_.armed.begin(), setup_.armed.end(),
                                    [&](const hours& span) { return span.contains(minute); });
  shrink(picture);
  if (learnt_ < pictures_to_learn) {
    std::fill(differs_.begin(), differs_.end(), 0);
    learn(0);
    return judge({}, false);
  }
  const float light = light_change();
  const auto found = find_in_zone(light);
  if (differing_ * 100 > grid_points * strange_share_pct) {
    // Nobody fills half a picture in one moment: the camera or the lamp did. Nothing is signalled,
    // and what lasts is the new usual.
    if (++strange_ >= strange_to_relearn) {
      learnt_ = 0;
      strange_ = 0;
      std::fill(usual_.begin(), usual_.end(), point{});
    }
    return std::nullopt;
  }
  strange_ = 0;
  learn(light);
  return judge(found, is_armed);
}

}  // namespace vigie::zone_intrusion

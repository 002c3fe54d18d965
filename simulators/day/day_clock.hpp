// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "day/arrivals.hpp"

namespace vigie::simulators {

/// The day's time from the machine's: `speed` times as fast. Quiet hours may be left out.
class day_clock {
 public:
  using wall = std::chrono::steady_clock::time_point;
  day_clock(double speed, wall start) : speed_{speed}, start_{start} {}

  day_time at(wall now) const {
    const std::chrono::duration<double, std::milli> passed = now - start_;
    return skipped_ + day_time{static_cast<std::int64_t>(passed.count() * speed_)};
  }
  /// How long until `due`, on the machine's clock; zero when it is over.
  std::chrono::milliseconds until(day_time due, wall now) const {
    const auto left = std::max(due - at(now), day_time{0});
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(left.count()) / speed_) + 1};
  }
  /// From now on it is `due`, unless it is later already.
  void skip_to(day_time due, wall now) { skipped_ += std::max(due - at(now), day_time{0}); }

 private:
  double speed_;
  wall start_;
  day_time skipped_{0};
};

}  // namespace vigie::simulators

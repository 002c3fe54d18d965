// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace vigie::analytics {

/// By how much the intervals between measured key frames are stretched, so that the decoder is
/// asked for as much as it can do: pictures are the first thing shed, and all cameras evenly.
/// Pure; times are passed in. [worker]
class measuring_pace {
 public:
  static constexpr double slowest = 32;

  /// Once per pass of the source: whether more waits than can be done at once. Reacts once a
  /// second.
  void note(bool is_behind, mono_ns now) noexcept {
    was_behind_ = was_behind_ || is_behind;
    if (now - judged_at_ < to_ns(std::chrono::seconds{1})) return;
    judged_at_ = now;
    stretch_ = was_behind_ ? std::min(stretch_ * 1.3, slowest) : std::max(stretch_ * 0.97, 1.0);
    was_behind_ = false;
  }
  double stretch() const noexcept { return stretch_; }

 private:
  double stretch_ = 1;
  bool was_behind_ = false;
  mono_ns judged_at_ = 0;
};

}  // namespace vigie::analytics

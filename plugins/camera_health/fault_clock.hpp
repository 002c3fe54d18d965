// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace vigie::camera_health {

using utc_us = std::int64_t;

/// How long and how clearly a fault must show before it is told, and be gone before it is over.
struct fault_patience {
  utc_us begin_us = 0;    ///< from the first clear sign to the telling
  unsigned pictures = 3;  ///< signs needed, however far apart pictures are
  unsigned clear = 2;     ///< of which beyond doubt
  utc_us end_us = 0;      ///< without any sign
};

/// Turns signs of one fault, picture by picture, into "began" and "ended". What shows for a moment
/// (a van in front of the lens, a headlight) passes unnoticed; what comes and goes is told once.
class fault_clock {
 public:
  explicit fault_clock(fault_patience patience) : patience_{patience} {}

  bool active() const { return active_; }
  /// Some sign was seen and not yet withdrawn.
  bool suspected() const { return active_ || signs_ > 0; }

  /// `clear`: the fault shows beyond doubt. `maybe`: at least weakly (implied by clear).
  /// Returns true when it began, false when it ended, nothing otherwise.
  std::optional<bool> see(bool clear, bool maybe, utc_us now) {
    if (clear || (maybe && signs_ > 0)) {
      if (signs_ == 0) {
        first_ = now;
        clear_signs_ = 0;
      }
      ++signs_;
      if (clear) ++clear_signs_;
      last_ = now;
      if (!active_ && signs_ >= patience_.pictures && clear_signs_ >= patience_.clear &&
          now - first_ >= patience_.begin_us) {
        active_ = true;
        return true;
      }
      return std::nullopt;
    }
    if (!active_) {
      signs_ = 0;
      return std::nullopt;
    }
    if (now - last_ < patience_.end_us) return std::nullopt;
    active_ = false;
    signs_ = 0;
    return false;
  }

  /// The picture cannot tell: nothing begins, nothing ends.
  void hold(utc_us now) {
    if (active_) last_ = now;
  }

 private:
  fault_patience patience_;
  bool active_ = false;
  unsigned signs_ = 0;
  unsigned clear_signs_ = 0;
  utc_us first_ = 0;
  utc_us last_ = 0;
};

}  // namespace vigie::camera_health

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace vigie::libav_source {

/// Turns decoding times as they come into times that only grow: a jump (another part of a playlist,
/// a file that begins anew, a source that restarted) begins a new generation.
class timeline {
 public:
  struct place {
    std::uint32_t generation;
    std::chrono::microseconds media_pts;  ///< strictly growing within a generation
  };

  /// `told`: the packet's own time, nothing when it has none; `arrived`: since the stream began.
  place next(std::optional<std::chrono::microseconds> told, std::chrono::microseconds arrived) {
    const std::chrono::microseconds now = told.value_or(arrived);
    if (last_) {
      const auto step = now - *last_;
      if (step < -tolerance || step > longest_step) {
        ++generation_;
      } else if (step.count() <= 0) {
        last_ = *last_ + std::chrono::microseconds{1};
        return {generation_, *last_};
      }
    }
    last_ = now;
    return {generation_, now};
  }
  /// Parameters changed.
  void begin_generation() {
    ++generation_;
    last_.reset();
  }

 private:
  // Small steps back are rounding of the container, not another time line.
  static constexpr std::chrono::microseconds tolerance{100'000};
  static constexpr std::chrono::microseconds longest_step{10'000'000};
  std::uint32_t generation_ = 1;
  std::optional<std::chrono::microseconds> last_;
};

}  // namespace vigie::libav_source

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace vigie::ingest {

/// Frames and bits per second over the last few seconds, from running totals that are sampled once
/// per report. [ingest]
class rate_window {
 public:
  struct rates {
    double frames_per_s = 0;
    double kbit_per_s = 0;
  };

  /// Starts anew at the totals of a fresh session.
  void restart(mono_ns now, std::uint64_t units, std::uint64_t bytes) noexcept {
    count_ = 0;
    push({now, units, bytes});
  }

  rates sample(mono_ns now, std::uint64_t units, std::uint64_t bytes) noexcept {
    const rates found = peek(now, units, bytes);
    if (count_ == 0 || now - newest().at >= 900'000'000) push({now, units, bytes});
    return found;
  }

  rates peek(mono_ns now, std::uint64_t units, std::uint64_t bytes) const noexcept {
    if (count_ == 0) return {};
    const point& from = oldest();
    const auto seconds = static_cast<double>(now - from.at) * 1e-9;
    if (seconds < 0.2) return {};
    return {static_cast<double>(units - from.units) / seconds,
            static_cast<double>(bytes - from.bytes) * 8e-3 / seconds};
  }

 private:
  struct point {
    mono_ns at = 0;
    std::uint64_t units = 0;
    std::uint64_t bytes = 0;
  };
  static constexpr std::size_t span = 5;

  void push(point p) noexcept { points_[count_++ % span] = p; }
  const point& newest() const noexcept { return points_[(count_ - 1) % span]; }
  const point& oldest() const noexcept { return points_[count_ < span ? 0 : count_ % span]; }

  std::array<point, span> points_{};
  std::size_t count_ = 0;
};

}  // namespace vigie::ingest

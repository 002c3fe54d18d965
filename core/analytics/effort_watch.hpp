// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

#include "base/clock.hpp"

namespace vigie::analytics {

/// Guesses from coded sizes alone that a picture may have stopped, gone dark or come back: an
/// encoder needs few bytes for a picture that repeats itself, and few for a covered lens. A guess
/// proves nothing; it says whose key frames are worth decoding first when not all can be.
///
/// What is usual is learned camera by camera; a new usage is accepted after half a minute, so that
/// a street that empties at night is not suspect until the morning. A plain value. [ingest]
class effort_watch {
 public:
  /// How long something odd stays remarkable, and how long it is looked at closely after it ended.
  static constexpr std::chrono::seconds accepted_after{30};
  static constexpr std::chrono::seconds calm_after{6};

  /// A picture that depends on others took `bytes`.
  void on_dependent(std::size_t bytes) noexcept {
    const auto size = static_cast<double>(bytes);
    lately_ += (size - lately_) / 4;
    gop_bytes_ += size;
    ++gop_pictures_;
  }

  /// A key frame of `bytes` arrived: whether it should be looked at before those of others.
  bool on_key(std::size_t bytes, mono_ns arrival) noexcept {
    const auto key = static_cast<double>(bytes);
    const double dependent = gop_pictures_ > 0 ? gop_bytes_ / gop_pictures_ : 0;
    gop_bytes_ = 0;
    gop_pictures_ = 0;
    if (known_gops_ < needed_gops) {
      learn(key, dependent, 1.0 / ++known_gops_);
      return false;
    }
    const bool is_odd = differs(key, dependent);
    if (is_odd && is_calm_) odd_since_ = arrival;
    if (is_odd) last_odd_ = arrival;
    is_calm_ = !is_odd || arrival - odd_since_ >= to_ns(accepted_after);
    if (is_calm_) learn(key, dependent, is_odd ? 1 : 1.0 / 8);
    return last_odd_ != 0 && arrival - last_odd_ < to_ns(calm_after);
  }

 private:
  static constexpr int needed_gops = 5;

  /// A value that is learned with the distance at which it usually lies from its mean.
  struct usage {
    double mean = 0;
    double spread = 0;
    void learn(double value, double weight) noexcept {
      const double distance = weight < 1 ? std::abs(value - mean) : value / 10;
      mean += (value - mean) * weight;
      spread += (std::min(distance, mean) - spread) * weight;
    }
    double tolerance() const noexcept { return 5 * spread + mean / 8; }
  };

  void learn(double key, double dependent, double weight) noexcept {
    key_.learn(key, weight);
    dependent_.learn(dependent, weight);
  }
  bool differs(double key, double dependent) const noexcept {
    if (std::abs(key - key_.mean) > key_.tolerance()) return true;
    // A passing lorry is worth many times the bytes of an empty street: only the way down tells.
    return dependent < dependent_.mean - dependent_.tolerance() || lately_ * 4 < dependent_.mean ||
           lately_ > dependent_.mean * 16;
  }

  double lately_ = 0;  ///< bytes of a dependent picture, over the last few
  double gop_bytes_ = 0;
  int gop_pictures_ = 0;
  usage key_;
  usage dependent_;  ///< mean of a GOP
  int known_gops_ = 0;
  mono_ns odd_since_ = 0;
  mono_ns last_odd_ = 0;
  bool is_calm_ = true;
};

}  // namespace vigie::analytics

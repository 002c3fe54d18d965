// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "ingest/feed_config.hpp"

namespace vigie::ingest {

/// How long a feed waits between the end of one session and the next dial: exponential with full
/// jitter, so that a thousand cameras that died together do not come back together.
///
/// A session that worked for less than `stable_after` does not reset the growth: a camera that
/// plays for two seconds and dies must not be dialled at the fastest pace for ever.
class backoff {
 public:
  static constexpr std::chrono::seconds stable_after{60};

  backoff(const feed_config& config, random_source& random) noexcept
      : floor_{config.backoff_floor},
        ceiling_{std::max(config.backoff_ceiling, config.backoff_floor)},
        rejected_{config.rejected_backoff},
        random_{random} {}

  /// The wait after a session that ended with `why` and whose frames had advanced for `advanced`.
  /// - a refused password: minutes, hammering locks accounts;
  /// - anything else only a human can repair (unknown path, unknown codec): about the ceiling;
  /// - the rest: uniform in [floor, min(ceiling, floor × 2ⁿ)] at the n-th failure in a row.
  std::chrono::nanoseconds next(errc why, std::chrono::nanoseconds advanced) noexcept {
    if (advanced >= stable_after) failures_ = 0;
    if (failures_ < 32) ++failures_;
    if (why == errc::auth_rejected || why == errc::auth_unsupported)
      return between(rejected_, rejected_ + rejected_ / 10);
    if (class_of(why) == error_class::configuration_fatal) return between(ceiling_ / 2, ceiling_);
    auto cap = floor_;
    for (std::uint32_t n = 0; n < failures_ && cap < ceiling_; ++n) cap *= 2;
    return between(floor_, std::min(cap, ceiling_));
  }

  std::uint32_t failures() const noexcept { return failures_; }

 private:
  std::chrono::nanoseconds between(std::chrono::nanoseconds low,
                                   std::chrono::nanoseconds high) noexcept {
    const auto width = static_cast<double>((high - low).count());
    return low + std::chrono::nanoseconds{static_cast<std::int64_t>(width * random_.unit())};
  }

  std::chrono::nanoseconds floor_;
  std::chrono::nanoseconds ceiling_;
  std::chrono::nanoseconds rejected_;
  random_source& random_;
  std::uint32_t failures_ = 0;
};

}  // namespace vigie::ingest

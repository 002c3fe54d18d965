// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace vigie::ingest {

/// Decides whether a feed's socket is read at every arrival, or swept a few times a second. A
/// sweep costs a third of the processor time, because a camera sends many small packets; but it
/// sees everything up to one period late, so only feeds that nobody watches and that give no reason
/// for doubt are swept. Pure; times are passed in. [ingest]
class cadence {
 public:
  /// A young feed, or one that gave reason for doubt, is read at once for this long.
  static constexpr std::chrono::seconds calm_after{3};

  /// `period` 0: never sweep.
  explicit cadence(std::chrono::nanoseconds period) noexcept : period_ns_{period.count()} {}

  /// Something happened that a healthy, unwatched feed does not do: a new session, a sweep that
  /// found nothing, the end of a session, the last viewer gone.
  void disturb(mono_ns now) noexcept { calm_at_ = now + to_ns(calm_after); }

  /// What the feed is like now; asked after every input. `frame_interval`: as measured. A camera
  /// that sends a picture less than once a period has nothing to gain and would look silent.
  bool may_sweep(bool is_steady, bool is_watched, std::chrono::nanoseconds frame_interval,
                 mono_ns now) noexcept {
    if (!is_steady || is_watched) disturb(now);
    return period_ns_ > 0 && now >= calm_at_ && frame_interval.count() * 4 <= period_ns_ * 3;
  }

  /// The earliest instant at which what a sweep reads now may have arrived, when the socket was
  /// last empty at `drained`. After a pause of the whole process that instant says nothing.
  mono_ns earliest_arrival(mono_ns drained, mono_ns now) const noexcept {
    return std::max(drained, now - 2 * period_ns_);
  }

 private:
  mono_ns period_ns_;
  mono_ns calm_at_ = 0;
};

}  // namespace vigie::ingest

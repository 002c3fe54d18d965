// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace vigie::ingest {

/// Places packets that were read together at the instants at which they most likely arrived, by the
/// sender's own RTP time. A read only says that a packet came between `since` (the socket was empty
/// then) and `now`; the answer never leaves that interval, so that a sender whose RTP time is
/// nonsense costs no more than the interval.
///
/// Packets of a feed that is read at once are the reference: they arrive when they are read. From
/// then on the relation moves with every packet that proves it wrong, at once towards earlier
/// (nothing arrives before it was sent) and by 1/16 towards later, as a slow network or a drifting
/// crystal would. [ingest]
class arrival_clock {
 public:
  /// `clock_hz` of the RTP time, not zero.
  explicit arrival_clock(std::uint32_t clock_hz = 90'000) noexcept
      : clock_hz_{std::max(clock_hz, 1U)} {}

  /// When the packet stamped `rtp_ts` arrived. Never before an earlier answer.
  mono_ns place(std::uint32_t rtp_ts, mono_ns since, mono_ns now) noexcept {
    const mono_ns likely = peek(rtp_ts, since, now);
    const mono_ns late = is_anchored_ ? likely - expected(rtp_ts) : 0;
    const bool moves_slowly = is_anchored_ && late > 0 && late < longest_error_ns;
    anchor_ns_ = moves_slowly ? likely - late + late / 16 : likely;
    anchor_ts_ = rtp_ts;
    is_anchored_ = true;
    return last_ = std::clamp(likely, std::min(last_, now), now);
  }

  /// The same for what does not move the relation (a sender report).
  mono_ns peek(std::uint32_t rtp_ts, mono_ns since, mono_ns now) const noexcept {
    if (!is_anchored_) return now;
    const mono_ns likely = expected(rtp_ts);
    if (likely < since - longest_error_ns || likely > now + longest_error_ns) return now;
    return std::clamp(likely, std::min(since, now), now);
  }

 private:
  /// Beyond this the sender's time line was cut, and the relation starts anew.
  static constexpr mono_ns longest_error_ns = 2'000'000'000;

  mono_ns expected(std::uint32_t rtp_ts) const noexcept {
    const std::int64_t ticks = static_cast<std::int32_t>(rtp_ts - anchor_ts_);
    return anchor_ns_ + ticks * 1'000'000'000 / static_cast<std::int64_t>(clock_hz_);
  }

  std::uint32_t clock_hz_;
  bool is_anchored_ = false;
  std::uint32_t anchor_ts_ = 0;
  mono_ns anchor_ns_ = 0;
  mono_ns last_ = 0;
};

}  // namespace vigie::ingest

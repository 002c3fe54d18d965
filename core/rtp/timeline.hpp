// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "rtp/decode_order.hpp"

namespace vigie::rtp {

/// Turns 32-bit RTP timestamps into a 64-bit media time that never goes back (camera-quirk 84).
///
/// A jump of more than 5 s forward or 1 s back is not believed, unless that much time passed here
/// too: the media time advances by the last good interval instead (`held`). The third jump in a row
/// is believed: the time line is anchored anew, still without going back (`reanchored`).
class timeline {
 public:
  explicit timeline(std::uint32_t clock_hz = 90'000) noexcept : clock_hz_{clock_hz} {}

  struct stamp {
    std::int64_t media_pts_us = 0;    ///< 0 for the first unit; strictly increasing
    std::int64_t composition_us = 0;  ///< 0 unless pictures are reordered
    bool held = false;
    bool reanchored = false;
  };
  /// `rtp_ts` of the next access unit, in the order of arrival. [ingest]
  stamp push(std::uint32_t rtp_ts, mono_ns arrival_mono_ns) noexcept;

  /// The stream may reorder so many pictures from the next one on, a key frame: `media_pts_us` then
  /// goes in decoding order and is `depth` pictures behind what is shown.
  void expect_reordering(std::size_t depth) noexcept {
    if (depth != order_.depth()) order_.expect(depth);
  }

  /// Another sender takes over: the next unit anchors the time line anew, whatever its timestamp.
  void reanchor() noexcept { foreign_ = true; }

 private:
  std::uint32_t clock_hz_;
  decode_order order_;
  void anchor(std::uint32_t rtp_ts) noexcept;
  std::int64_t to_us(std::int64_t ticks) const noexcept;

  bool started_ = false;
  bool foreign_ = false;
  mono_ns last_arrival_ns_ = 0;
  std::uint32_t last_rtp_ts_ = 0;  ///< of the last believed unit
  std::int64_t raw_ticks_ = 0;     ///< unwrapped time of that unit, when it is shown
  std::int64_t out_ticks_ = 0;     ///< last given out
  std::int64_t interval_ticks_ = 0;
  std::uint32_t jumps_in_a_row_ = 0;
};

}  // namespace vigie::rtp

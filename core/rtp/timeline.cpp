// SPDX-License-Identifier: Apache-2.0
#include "rtp/timeline.hpp"

#include <algorithm>
#include <cstdlib>

namespace vigie::rtp {
namespace {

constexpr std::int64_t max_forward_s = 5;
constexpr std::int64_t max_back_s = 1;  // pictures out of order are less apart than that
constexpr std::int64_t pause_tolerance_s = 1;
constexpr std::uint32_t jumps_believed = 3;

}  // namespace

void timeline::anchor(std::uint32_t rtp_ts) noexcept {
  last_rtp_ts_ = rtp_ts;
  raw_ticks_ = out_ticks_ + static_cast<std::int64_t>(order_.depth()) * interval_ticks_;
  order_.expect(order_.depth());
  jumps_in_a_row_ = 0;
  foreign_ = false;
}

std::int64_t timeline::to_us(std::int64_t ticks) const noexcept {
  return ticks * 1'000'000 / clock_hz_;
}

timeline::stamp timeline::push(std::uint32_t rtp_ts, mono_ns arrival_mono_ns) noexcept {
  const std::int64_t hz = clock_hz_;
  if (!started_) {
    started_ = true;
    interval_ticks_ = hz / 25;  // until one was seen
    last_arrival_ns_ = arrival_mono_ns;
    anchor(rtp_ts);
    order_.push(raw_ticks_, interval_ticks_);
    return {0, to_us(raw_ticks_), false, false};
  }
  const auto delta = std::int64_t{static_cast<std::int32_t>(rtp_ts - last_rtp_ts_)};
  const std::int64_t elapsed = (arrival_mono_ns - last_arrival_ns_) / 1'000'000 * hz / 1000;
  const bool is_pause = std::llabs(delta - elapsed) <= pause_tolerance_s * hz;
  const bool is_jump = delta > max_forward_s * hz || delta < -max_back_s * hz;
  stamp out;
  if (foreign_ || (is_jump && !is_pause)) {
    out_ticks_ += interval_ticks_;
    out.reanchored = foreign_ || ++jumps_in_a_row_ >= jumps_believed;
    out.held = !out.reanchored;
    if (out.reanchored) {
      anchor(rtp_ts);
      order_.push(raw_ticks_, interval_ticks_);
      out.composition_us = to_us(raw_ticks_ - out_ticks_);
    }
  } else {
    // After held pictures the difference spans several intervals.
    if (delta > 0 && !is_jump && jumps_in_a_row_ == 0) interval_ticks_ = delta;
    jumps_in_a_row_ = 0;
    last_rtp_ts_ = rtp_ts;
    raw_ticks_ += delta;
    out_ticks_ = std::max(order_.push(raw_ticks_, interval_ticks_), out_ticks_ + 1);
    if (order_.depth() > 0) out.composition_us = to_us(raw_ticks_ - out_ticks_);
  }
  if (!out.held) last_arrival_ns_ = arrival_mono_ns;
  out.media_pts_us = to_us(out_ticks_);
  return out;
}

}  // namespace vigie::rtp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace vigie::ingest {

/// Judges a playing session by its progress: complete access units, and nothing else. A camera that
/// answers keep-alives, sends RTCP or trickles bytes is as stalled as a dead one.
///
/// Deadline: max(floor, 3 × measured frame interval) after the last unit. A young session, whose
/// interval is not known, gets `first_unit_patience`. Pictures that arrive whole but cannot be used
/// before the next key frame (after a loss, or camera-quirk 73: a start in the middle of a GOP)
/// count as progress, for `key_frame_patience` at most. [ingest]
class stall_watch {
 public:
  static constexpr std::chrono::seconds first_unit_patience{5};
  static constexpr std::chrono::seconds key_frame_patience{20};
  static constexpr std::chrono::seconds longest_interval{10};
  /// What arrives this soon after a unit (or one frame interval, if longer) is the torn end of a
  /// stream that then fell silent, and proves nothing.
  static constexpr std::chrono::milliseconds afterglow{250};

  explicit stall_watch(std::chrono::nanoseconds floor) noexcept : floor_ns_{floor.count()} {}

  /// The session reached `playing`. What was learnt of the frame interval stays.
  void arm(mono_ns now) noexcept {
    since_ = now;
    progress_ = now;
    has_picture_ = false;
    forget_evidence();
  }

  /// One read from the socket: whether it held video packets, and how many bytes of an unfinished
  /// message remain.
  void on_read(std::size_t video_bytes, std::size_t torn_bytes, mono_ns now) noexcept {
    if (now - progress_ < std::max(to_ns(afterglow), interval_ns_)) return;
    if (video_bytes > 0) has_late_video_ = true;
    if (torn_bytes == 0) {
      has_late_control_ = has_late_control_ || video_bytes == 0;
      torn_since_ = 0;
    } else if (torn_since_ == 0) {
      torn_since_ = now;
    }
  }

  void on_unit(mono_ns now) noexcept {
    since_ = now;
    on_progress(now);
  }
  void on_dropped_picture(mono_ns now) noexcept { on_progress(now); }

  mono_ns deadline() const noexcept {
    const mono_ns window = has_picture_ && gaps_ >= gaps_to_know
                               ? std::max(floor_ns_, 3 * interval_ns_)
                               : to_ns(first_unit_patience);
    if (progress_ == since_) return since_ + window;
    return std::min(progress_ + window, since_ + to_ns(key_frame_patience));
  }

  /// What kind of stall the bytes since the last unit prove: stall_silence, stall_rtcp_only (only
  /// complete RTCP packets or RTSP messages) or stall_drip (video, or a message that never ends).
  errc evidence(mono_ns now) const noexcept {
    const bool torn = torn_since_ != 0;
    if (has_late_video_ || (torn && (!has_late_control_ || now - torn_since_ > to_ns(afterglow))))
      return errc::stall_drip;
    return has_late_control_ ? errc::stall_rtcp_only : errc::stall_silence;
  }

  /// Starts the deadline and the evidence anew, after a pause of the whole process.
  void forgive(mono_ns now) noexcept {
    since_ = now;
    progress_ = now;
    skip_gap_ = true;
    forget_evidence();
  }

  std::chrono::nanoseconds interval() const noexcept {
    return std::chrono::nanoseconds{interval_ns_};
  }

 private:
  static constexpr std::uint32_t gaps_to_know = 3;

  void on_progress(mono_ns now) noexcept {
    if (has_picture_) learn(now - progress_);
    has_picture_ = true;
    progress_ = now;
    forget_evidence();
  }
  void learn(mono_ns gap) noexcept {
    if (std::exchange(skip_gap_, false)) return;
    gap = std::clamp<mono_ns>(gap, 0, to_ns(longest_interval));
    interval_ns_ = gaps_ == 0 ? gap : interval_ns_ + (gap - interval_ns_) / 8;
    if (gaps_ < gaps_to_know) ++gaps_;
  }
  void forget_evidence() noexcept {
    has_late_video_ = false;
    has_late_control_ = false;
    torn_since_ = 0;
  }

  mono_ns floor_ns_;
  mono_ns since_ = 0;     ///< last unit, or arming, or pardon
  mono_ns progress_ = 0;  ///< the same, or a later picture that had to be dropped
  mono_ns interval_ns_ = 0;
  std::uint32_t gaps_ = 0;
  mono_ns torn_since_ = 0;
  bool has_late_video_ = false;
  bool has_late_control_ = false;
  bool has_picture_ = false;
  bool skip_gap_ = false;
};

}  // namespace vigie::ingest

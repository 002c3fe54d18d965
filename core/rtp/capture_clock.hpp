// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "media/access_unit.hpp"
#include "rtp/rtcp.hpp"

namespace vigie::rtp {

/// Estimates when the camera saw a picture (LEG-63; camera-quirks 85 to 89).
///
/// With two consistent sender reports (residual at most 250 ms, plus 500 ppm of drift) and a camera
/// clock within 2 s of ours, the camera's clock is used. Else our own clock: the least delayed
/// arrival seen, moving with the media time and slewed by at most 500 ppm, so that a burst of
/// buffered pictures or a slow network does not pass for slow time.
/// A report that does not fit starts a new epoch: the camera's clock was set. Media time is
/// never touched.
class capture_clock {
 public:
  struct estimate {
    utc_us capture_utc_us = 0;
    media::time_quality quality = media::time_quality::arrival;
  };

  /// A report of the followed sender. False when it was refused (zero or unbelievable times).
  /// [ingest]
  bool on_sender_report(const sender_report& report, mono_ns arrival_mono_ns,
                        utc_us arrival_utc_us) noexcept;

  /// `media_pts_us` must not go back. Arrival is when the last byte of the unit was read, by both
  /// of our clocks at the same instant. [ingest]
  estimate stamp(std::uint32_t rtp_ts, std::int64_t media_pts_us, mono_ns arrival_mono_ns,
                 utc_us arrival_utc_us) noexcept;

  /// The media time line was anchored anew; what was learnt of its relation to our clock is void.
  void reanchor() noexcept { has_base_ = false; }

  /// Another sender takes over: its reports have nothing to do with those before.
  void forget_reports() noexcept { consistent_reports_ = 0; }

  /// Camera clock minus ours, from the least delayed of the last reports; nothing before two
  /// consistent ones.
  std::optional<std::int64_t> clock_offset_us() const noexcept;
  /// How often the camera's clock was seen to step.
  std::uint32_t epochs() const noexcept { return epochs_; }

 private:
  static constexpr std::size_t window = 8;
  bool trusted() const noexcept { return consistent_reports_ >= 2; }

  std::uint32_t sr_rtp_ts_ = 0;
  utc_us sr_utc_us_ = 0;
  mono_ns sr_arrival_mono_ns_ = 0;
  std::uint32_t consistent_reports_ = 0;  ///< of this epoch
  std::uint32_t epochs_ = 0;
  std::array<std::int64_t, window> offsets_us_{};

  bool has_base_ = false;
  std::int64_t base_us_ = 0;  ///< our monotonic time minus media time, least delay seen
  std::int64_t base_pts_us_ = 0;
};

}  // namespace vigie::rtp

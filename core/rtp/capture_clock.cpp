// SPDX-License-Identifier: Apache-2.0
#include "rtp/capture_clock.hpp"

#include <algorithm>
#include <cstdlib>

namespace vigie::rtp {
namespace {

constexpr std::int64_t max_residual_us = 250'000;
constexpr std::int64_t max_drift_ppm = 500;
constexpr std::int64_t max_camera_offset_us = 2'000'000;
/// Pictures this much later than the least delayed one do not wait in a queue: the relation of
/// media time and our clock has changed.
constexpr std::int64_t max_queueing_us = 10'000'000;
/// 32-bit ticks of 90 kHz tell times apart up to 6.6 hours.
constexpr std::int64_t max_report_age_us = 5ll * 3600 * 1'000'000;

std::int64_t ticks_to_us(std::int64_t ticks) noexcept { return ticks * 100 / 9; }

std::int64_t rtp_difference(std::uint32_t later, std::uint32_t earlier) noexcept {
  return static_cast<std::int32_t>(later - earlier);
}

}  // namespace

bool capture_clock::on_sender_report(const sender_report& report, mono_ns arrival_mono_ns,
                                     utc_us arrival_utc_us) noexcept {
  const auto camera_utc = utc_of_ntp(report.ntp_64);
  if (!camera_utc || report.rtp_ts == 0) return false;

  bool fits = false;
  if (consistent_reports_ > 0) {
    const std::int64_t elapsed_us = (arrival_mono_ns - sr_arrival_mono_ns_) / 1000;
    const std::int64_t by_rtp = ticks_to_us(rtp_difference(report.rtp_ts, sr_rtp_ts_));
    const std::int64_t by_ntp = *camera_utc - sr_utc_us_;
    const std::int64_t allowed =
        max_residual_us + std::max<std::int64_t>(elapsed_us, 0) * max_drift_ppm / 1'000'000;
    // Media time must also have moved like ours: a clock read twice without moving proves nothing.
    fits = elapsed_us < max_report_age_us && std::llabs(by_ntp - by_rtp) <= allowed && by_rtp >= 0;
  }
  if (fits) {
    ++consistent_reports_;
  } else {
    if (consistent_reports_ > 0) ++epochs_;
    consistent_reports_ = 1;
  }
  sr_rtp_ts_ = report.rtp_ts;
  sr_utc_us_ = *camera_utc;
  sr_arrival_mono_ns_ = arrival_mono_ns;
  offsets_us_[(consistent_reports_ - 1) % window] = *camera_utc - arrival_utc_us;
  return true;
}

std::optional<std::int64_t> capture_clock::clock_offset_us() const noexcept {
  if (!trusted()) return std::nullopt;
  const auto count = std::min<std::size_t>(consistent_reports_, window);
  // Delay makes the camera look slow, so that the largest offset is the least delayed.
  return *std::max_element(offsets_us_.begin(),
                           offsets_us_.begin() + static_cast<std::ptrdiff_t>(count));
}

capture_clock::estimate capture_clock::stamp(std::uint32_t rtp_ts, std::int64_t media_pts_us,
                                             mono_ns arrival_mono_ns,
                                             utc_us arrival_utc_us) noexcept {
  const std::int64_t arrival_us = arrival_mono_ns / 1000;
  const std::int64_t sample = arrival_us - media_pts_us;
  if (has_base_) base_us_ += (media_pts_us - base_pts_us_) * max_drift_ppm / 1'000'000;
  if (!has_base_ || sample < base_us_ || sample - base_us_ > max_queueing_us) base_us_ = sample;
  has_base_ = true;
  base_pts_us_ = media_pts_us;

  // Our wall clock may step; it is read now and led back by monotonic time.
  const std::int64_t delay_us = arrival_us - (media_pts_us + base_us_);
  const utc_us by_arrival = arrival_utc_us - delay_us;

  const auto offset = clock_offset_us();
  if (!offset || std::llabs(*offset) > max_camera_offset_us)
    return {by_arrival, media::time_quality::arrival};
  if ((arrival_mono_ns - sr_arrival_mono_ns_) / 1000 > max_report_age_us)
    return {by_arrival, media::time_quality::arrival};
  const utc_us by_camera = sr_utc_us_ + ticks_to_us(rtp_difference(rtp_ts, sr_rtp_ts_));
  // A picture's timestamp may be an outlier where its neighbours and the reports agree.
  constexpr std::int64_t max_disagreement_us = 5'000'000;
  if (std::llabs(by_camera - by_arrival) > max_disagreement_us)
    return {by_arrival, media::time_quality::arrival};
  return {by_camera, media::time_quality::sender_report};
}

}  // namespace vigie::rtp

// SPDX-License-Identifier: Apache-2.0
#include "recording/segmenter.hpp"

#include <algorithm>
#include <utility>

namespace vigie::recording {
namespace {

constexpr std::int64_t us_per_ms = 1000;
constexpr std::int64_t us_per_day = 86'400'000'000;
/// How far a boundary between two contiguous files moves to follow the wall clock.
constexpr std::int64_t max_slew_us = 500'000;
/// Duration of a single picture of which nothing else is known.
constexpr std::int64_t default_interval_us = 40'000;

utc_us floor_ms(utc_us t) noexcept { return t - t % us_per_ms; }
utc_us ceil_ms(utc_us t) noexcept { return floor_ms(t + us_per_ms - 1); }

/// Rounded from the segment's start each time, so that rounding never accumulates.
std::int64_t to_ticks(std::int64_t us) noexcept {
  return (us * media::fmp4_timescale + (us < 0 ? -500'000 : 500'000)) / 1'000'000;
}

std::int64_t to_us(std::chrono::microseconds d) noexcept { return d.count(); }

}  // namespace

std::vector<segment_command> segmenter::push(const media::access_unit_ptr& unit,
                                             utc_us capture_utc_us) {
  std::vector<segment_command> out;
  if (segment_) follow(*unit, capture_utc_us, out);
  if (!segment_) {
    if (!unit->is_key) return out;
    begin(unit, capture_utc_us);
  }
  held_ = unit;
  return out;
}

std::vector<segment_command> segmenter::end() {
  std::vector<segment_command> out;
  if (segment_) close(typical_end(), {}, out);
  return out;
}

bool segmenter::abandon() noexcept {
  if (!segment_) return false;
  not_before_ = ceil_ms(segment_->start_utc_us + typical_end() - segment_->first_pts_us);
  samples_.clear();
  fragment_bytes_ = 0;
  held_.reset();
  return std::exchange(segment_, std::nullopt)->fragments > 0;
}

void segmenter::begin(const media::access_unit_ptr& unit, utc_us capture_utc_us) {
  active fresh;
  fresh.start_utc_us = floor_ms(capture_utc_us);
  // Beyond a day it was the earlier time that was wrong, and must not rule the following ones.
  if (fresh.start_utc_us < not_before_ && not_before_ - fresh.start_utc_us <= us_per_day) {
    fresh.start_utc_us = not_before_;
    fresh.shift_us = not_before_ - capture_utc_us;
  }
  fresh.first_pts_us = unit->media_pts_us;
  fresh.first_composition_us = unit->composition_us;
  fresh.generation = unit->stream_generation;
  fresh.parameters = unit->parameters;
  settled_pts_us_ = unit->media_pts_us;
  segment_ = std::move(fresh);
}

/// The open segment meets the picture after `held_`: it takes note, or ends before it.
void segmenter::follow(const media::access_unit& unit, utc_us capture_utc_us,
                       std::vector<segment_command>& out) {
  const auto step_us = unit.media_pts_us - held_->media_pts_us;
  if (unit.stream_generation != segment_->generation || step_us <= 0) {
    close(typical_end(), {}, out);
    return;
  }
  const bool gap = is_gap(step_us);
  if (gap && unit.is_key) {
    close(typical_end(), {}, out);
    return;
  }
  if (unit.is_key && wants_cut(unit)) {
    close(unit.media_pts_us, capture_utc_us, out);
    return;
  }
  if (gap) segment_->cut_at_key = true;
  settle(gap ? typical_end() : unit.media_pts_us);
  if (unit.is_key || gap || fragment_bytes_ >= options_.fragment_bytes ||
      unit.media_pts_us - fragment_pts_us_ >= to_us(options_.fragment_span))
    flush(out);
}

/// Also learns the usual distance of pictures; two long steps in a row are a slow camera, not a
/// gap.
bool segmenter::is_gap(std::int64_t step_us) noexcept {
  const bool gap = step_us > std::max(to_us(options_.gap), 3 * interval_us_);
  if (!gap)
    interval_us_ = interval_us_ == 0 ? step_us : (7 * interval_us_ + step_us) / 8;
  else if (last_was_gap_)
    interval_us_ = step_us;
  last_was_gap_ = gap;
  return gap;
}

bool segmenter::wants_cut(const media::access_unit& unit) const noexcept {
  const auto age_us = unit.media_pts_us - segment_->first_pts_us;
  const auto start = segment_->start_utc_us;
  // Twelve pictures a second are 83,333 µs apart: a minute of them is a hair too short.
  return segment_->cut_at_key || age_us + interval_us_ / 2 >= to_us(options_.segment) ||
         day_of(start + age_us) != day_of(start);
}

std::int64_t segmenter::typical_end() const noexcept {
  if (!held_) return settled_pts_us_;
  return held_->media_pts_us + (interval_us_ > 0 ? interval_us_ : default_interval_us);
}

/// The held picture lasts until `until_pts_us`.
void segmenter::settle(std::int64_t until_pts_us) {
  if (!held_) return;
  const auto from_us = held_->media_pts_us - segment_->first_pts_us;
  const auto until_us = until_pts_us - segment_->first_pts_us;
  const auto ticks = std::max<std::int64_t>(to_ticks(until_us) - to_ticks(from_us), 1);
  // The file begins with what is shown first, not with what is decoded before.
  const auto shown_us = from_us + held_->composition_us - segment_->first_composition_us;
  const auto composition = to_ticks(shown_us) - to_ticks(from_us);
  if (samples_.empty()) fragment_pts_us_ = held_->media_pts_us;
  fragment_bytes_ += held_->data.size();
  samples_.push_back({std::move(held_), static_cast<std::uint32_t>(ticks),
                      static_cast<std::int32_t>(composition)});
  held_.reset();
  settled_pts_us_ = until_pts_us;
}

void segmenter::flush(std::vector<segment_command>& out) {
  if (samples_.empty()) return;
  auto& s = *segment_;
  if (s.fragments == 0)
    out.emplace_back(open_segment{s.start_utc_us, s.shift_us, s.parameters,
                                  media::make_init_segment(*s.parameters, s.start_utc_us)});
  append_fragment fragment;
  const auto decode_time = to_ticks(fragment_pts_us_ - s.first_pts_us);
  fragment.header =
      media::make_fragment_header(++s.fragments, static_cast<std::uint64_t>(decode_time), samples_);
  fragment.units.reserve(samples_.size());
  for (auto& sample : samples_) fragment.units.push_back(std::move(sample.unit));
  fragment.end_offset_us = settled_pts_us_ - s.first_pts_us;
  out.emplace_back(std::move(fragment));
  samples_.clear();
  fragment_bytes_ = 0;
}

void segmenter::close(std::int64_t until_pts_us, std::optional<utc_us> next_capture_utc_us,
                      std::vector<segment_command>& out) {
  settle(until_pts_us);
  flush(out);
  const auto start = segment_->start_utc_us;
  auto end = start + settled_pts_us_ - segment_->first_pts_us;
  not_before_ = ceil_ms(end);
  if (next_capture_utc_us) {
    const auto slew = std::min(max_slew_us, (end - start) / 2);
    const auto next = std::max(floor_ms(*next_capture_utc_us), ceil_ms(end - slew));
    if (next <= end + slew) end = next;
    not_before_ = next;
  }
  out.emplace_back(close_segment{end});
  segment_.reset();
}

}  // namespace vigie::recording

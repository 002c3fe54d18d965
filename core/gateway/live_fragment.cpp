// SPDX-License-Identifier: Apache-2.0
#include "gateway/live_fragment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace vigie::gateway {
namespace {

/// An interval beyond this is a pause of the camera, not a frame rate.
constexpr std::uint32_t longest_interval_ticks = 2 * media::fmp4_timescale;

std::uint64_t to_ticks(std::int64_t us) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)) * media::fmp4_timescale /
         1'000'000;
}

std::uint32_t between(std::uint64_t from, std::uint64_t to) {
  if (to <= from) return 1;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(to - from, 0x7fff'ffff));
}

}  // namespace

std::vector<fragmenter_output> fragmenter::push(const media::access_unit_ptr& unit) {
  std::vector<fragmenter_output> out;
  const bool is_new_stream = !has_started_ || unit->stream_generation != generation_;
  if (is_new_stream || unit->is_key)
    if (auto fragment = flush()) out.push_back({nullptr, std::move(fragment)});
  if (is_new_stream) {
    if (!unit->is_key) return out;
    out.push_back({begin(*unit), nullptr});
  }
  if (unit->is_key) ++gop_;
  gathered_.push_back(unit);
  if (gathered_.size() >= frames_per_fragment_) {
    if (out.empty() || out.back().fragment) out.emplace_back();
    out.back().fragment = cut();
  }
  return out;
}

live_fragment_ptr fragmenter::flush() { return gathered_.empty() ? nullptr : cut(); }

live_init_ptr fragmenter::begin(const media::access_unit& unit) {
  has_started_ = true;
  generation_ = unit.stream_generation;
  base_ticks_ = next_ticks_;
  base_pts_us_ = unit.media_pts_us;
  base_composition_us_ = unit.composition_us;
  auto init = std::make_shared<live_init>();
  init->generation = generation_;
  // `codecs` is made of hexadecimal digits and dots by our own parser: nothing to escape.
  init->announcement = fmt::format(
      R"({{"kind":"init","codecs":"{}","width":{},"height":{},"generation":{}}})",
      unit.parameters->codecs, unit.parameters->width_px, unit.parameters->height_px, generation_);
  init->bytes = media::make_init_segment(*unit.parameters, unit.capture_utc_us);
  return init;
}

live_fragment_ptr fragmenter::cut() {
  auto fragment = std::make_shared<live_fragment>();
  fragment->starts_with_key = gathered_.front()->is_key;
  fragment->gop = gop_;
  fragment->capture_utc_us = gathered_.front()->capture_utc_us;
  fragment->media_s = static_cast<double>(next_ticks_) / media::fmp4_timescale;

  const auto track_time = [&](const media::access_unit& unit) {
    return base_ticks_ + to_ticks(unit.media_pts_us - base_pts_us_);
  };
  std::vector<media::fmp4_sample> samples;
  samples.reserve(gathered_.size());
  const auto start_ticks = next_ticks_;
  for (std::size_t i = 0; i < gathered_.size(); ++i) {
    const bool is_last = i + 1 == gathered_.size();
    if (!is_last) {
      const auto interval = between(track_time(*gathered_[i]), track_time(*gathered_[i + 1]));
      if (interval < longest_interval_ticks) interval_ticks_ = interval;
    }
    const auto end = is_last ? std::max(track_time(*gathered_[i]), next_ticks_) + interval_ticks_
                             : track_time(*gathered_[i + 1]);
    const auto duration = between(next_ticks_, end);
    const auto shown_after_us = gathered_[i]->composition_us - base_composition_us_;
    samples.push_back(
        {gathered_[i], duration, static_cast<std::int32_t>(shown_after_us * 9 / 100)});
    next_ticks_ += duration;
    fragment->size_bytes += gathered_[i]->data.size();
  }
  fragment->header = media::make_fragment_header(++sequence_, start_ticks, samples);
  fragment->size_bytes += fragment->header.size();
  fragment->units = std::exchange(gathered_, {});
  return fragment;
}

}  // namespace vigie::gateway

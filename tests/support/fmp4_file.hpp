// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "media/fmp4.hpp"
#include "media/nal.hpp"
#include "support/h264_clip.hpp"

namespace vigie::test {

/// Access units of a clip, `interval_ticks` apart, as the depacketizer would give them.
inline std::vector<media::access_unit_ptr> units_of(const video_clip& clip, utc_us start,
                                                    std::uint32_t interval_ticks) {
  const auto parameters = std::make_shared<const media::codec_parameters>(clip.parameters());
  std::vector<media::access_unit_ptr> units;
  for (const clip_picture& picture : clip.pictures) {
    auto unit = std::make_shared<media::access_unit>();
    unit->sequence = units.size() + 1;
    unit->stream_generation = 1;
    unit->parameters = parameters;
    unit->media_pts_us = static_cast<std::int64_t>(units.size()) * interval_ticks * 100 / 9;
    unit->capture_utc_us = start + unit->media_pts_us;
    std::vector<std::uint8_t> data;
    for (const auto& nal : picture) {
      const auto role = media::nal_role_of(clip.kind, nal[0]);
      if (role == media::nal_role::parameter_set) continue;
      if (role == media::nal_role::key_picture) unit->is_key = true;
      for (const int shift : {24, 16, 8, 0})
        data.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
      data.insert(data.end(), nal.begin(), nal.end());
    }
    unit->data = std::move(data);
    units.push_back(std::move(unit));
  }
  return units;
}

inline void append_fragment(std::vector<std::uint8_t>& file, std::uint32_t sequence,
                            std::uint64_t decode_time,
                            std::span<const media::fmp4_sample> samples) {
  const auto header = media::make_fragment_header(sequence, decode_time, samples);
  file.insert(file.end(), header.begin(), header.end());
  for (const auto& sample : samples)
    file.insert(file.end(), sample.unit->data.begin(), sample.unit->data.end());
}

/// Init segment and fragments of `per_fragment` units.
inline std::vector<std::uint8_t> whole_file(const std::vector<media::access_unit_ptr>& units,
                                            std::uint32_t interval_ticks,
                                            std::size_t per_fragment) {
  auto file = media::make_init_segment(*units.front()->parameters, units.front()->capture_utc_us);
  for (std::size_t first = 0; first < units.size(); first += per_fragment) {
    std::vector<media::fmp4_sample> samples;
    for (std::size_t i = first; i < std::min(units.size(), first + per_fragment); ++i)
      samples.push_back({units[i], interval_ticks});
    append_fragment(file, static_cast<std::uint32_t>(first / per_fragment + 1),
                    std::uint64_t{first} * interval_ticks, samples);
  }
  return file;
}

}  // namespace vigie::test

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "media/access_unit.hpp"

namespace vigie::test {

/// Access units as a camera would send them, with times the test moves as it likes. The payload of
/// a picture is its number, so that a test can tell pictures apart on disk.
class unit_source {
 public:
  explicit unit_source(utc_us start = 1'795'291'200'000'000, std::int64_t interval_us = 83'333)
      : interval_us_{interval_us}, utc_{start} {
    auto fresh = std::make_shared<media::codec_parameters>();
    fresh->sps = {0x67, 0x4d, 0x40, 0x1e, 0x96, 0x54, 0x05, 0x01, 0xec, 0x80};
    fresh->pps = {0x68, 0xee, 0x3c, 0x80};
    fresh->width_px = 640;
    fresh->height_px = 360;
    fresh->codecs = "avc1.4d401e";
    parameters_ = fresh;
  }

  /// The next picture, `bytes` long (12 or more), a key frame every `gop` pictures.
  media::access_unit_ptr next(std::size_t bytes = 200) {
    const bool is_key = in_gop_ == 0;
    in_gop_ = (in_gop_ + 1) % gop;
    auto unit = std::make_shared<media::access_unit>();
    unit->sequence = ++count_;
    unit->stream_generation = generation_;
    unit->is_key = is_key;
    unit->media_pts_us = pts_us_;
    unit->arrival_mono_ns = mono_ + 1;
    unit->capture_utc_us = utc_;
    unit->parameters = parameters_;
    std::vector<std::uint8_t> data(std::max<std::size_t>(bytes, 12));
    const auto nal_bytes = static_cast<std::uint32_t>(data.size() - 4);
    for (std::size_t i = 0; i < 4; ++i)
      data[i] = static_cast<std::uint8_t>(nal_bytes >> (24 - 8 * i));
    data[4] = is_key ? 0x65 : 0x41;
    for (std::size_t i = 0; i < 7; ++i) data[5 + i] = static_cast<std::uint8_t>(count_ >> (8 * i));
    unit->data = std::move(data);
    advance(std::chrono::microseconds{interval_us_});
    return unit;
  }

  void advance(std::chrono::microseconds d) {
    pts_us_ += d.count();
    utc_ += d.count();
    mono_ += d.count() * 1000;
  }
  void step_wall_clock(std::chrono::microseconds d) { utc_ += d.count(); }
  void new_session() {
    ++generation_;
    in_gop_ = 0;
    pts_us_ = 0;
  }
  std::uint64_t count() const noexcept { return count_; }
  utc_us utc() const noexcept { return utc_; }

  std::uint64_t gop = 24;

 private:
  media::codec_parameters_ptr parameters_;
  std::int64_t interval_us_;
  utc_us utc_;
  mono_ns mono_ = 0;
  std::int64_t pts_us_ = 0;
  std::uint32_t generation_ = 1;
  std::uint64_t count_ = 0;
  std::uint64_t in_gop_ = 0;
};

}  // namespace vigie::test

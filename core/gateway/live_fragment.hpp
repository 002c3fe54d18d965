// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "media/fmp4.hpp"

namespace vigie::gateway {

/// The start of a stream as a player needs it. Immutable, shared by all viewers.
struct live_init {
  std::uint32_t generation = 0;
  std::string announcement;         ///< the JSON text that goes before the bytes
  std::vector<std::uint8_t> bytes;  ///< ftyp + moov
};
using live_init_ptr = std::shared_ptr<const live_init>;

/// A few pictures, ready to be sent: `header`, then each unit's own bytes, never copied.
struct live_fragment {
  bool starts_with_key = false;
  std::uint64_t gop = 0;             ///< counts key frames of the stream, from 1
  std::vector<std::uint8_t> header;  ///< moof + mdat header
  std::vector<media::access_unit_ptr> units;
  std::size_t size_bytes = 0;
  double media_s = 0;         ///< track time of its first picture
  utc_us capture_utc_us = 0;  ///< when the camera saw it
};
using live_fragment_ptr = std::shared_ptr<const live_fragment>;

/// One step of the stream; a part that does not apply is null.
struct fragmenter_output {
  live_init_ptr init;  ///< when a new stream starts; comes before `fragment`
  live_fragment_ptr fragment;
};

/// Turns one feed's access units into fragments for live viewing. A fragment never waits for a
/// picture that has not come: the last one's duration is the previous interval, and the error this
/// makes is taken up by the next fragment, so that the track has neither holes nor overlaps (a hole
/// makes a Media Source drop everything up to the next key frame). Pure, one owner.
class fragmenter {
 public:
  explicit fragmenter(std::size_t frames_per_fragment)
      : frames_per_fragment_{frames_per_fragment} {}

  /// 0, 1 or 2 outputs, in order. Nothing comes out before the first key frame.
  [[nodiscard]] std::vector<fragmenter_output> push(const media::access_unit_ptr& unit);
  /// What is gathered but not yet out, at the end of a session; may be null.
  [[nodiscard]] live_fragment_ptr flush();
  std::uint64_t fragments() const noexcept { return sequence_; }

 private:
  live_init_ptr begin(const media::access_unit& unit);
  live_fragment_ptr cut();

  const std::size_t frames_per_fragment_;
  std::vector<media::access_unit_ptr> gathered_;
  bool has_started_ = false;
  std::uint32_t generation_ = 0;
  std::uint32_t sequence_ = 0;
  std::uint64_t gop_ = 0;
  std::uint64_t next_ticks_ = 0;  ///< where the track goes on
  std::uint64_t base_ticks_ = 0;  ///< track time of `base_pts_us_`
  std::int64_t base_pts_us_ = 0;  ///< first picture of the generation
  std::int64_t base_composition_us_ = 0;
  std::uint32_t interval_ticks_ = media::fmp4_timescale / 12;
};

}  // namespace vigie::gateway

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/access_unit.hpp"

namespace vigie::media {

/// Ticks per second of every Vigie track: RTP's own video clock.
inline constexpr std::uint32_t fmp4_timescale = 90'000;

/// `ftyp` + `moov` of a fragmented MP4 with one video track, id 1 (ISO/IEC 14496-12 §8.8).
/// `start_utc_us` becomes the track's creation time. H.264 as `avc1` (ISO/IEC 14496-15 §5.4.2),
/// H.265 as `hvc1` (§8.4.1): parameter sets stand here and never in samples. [thread-safe]
std::vector<std::uint8_t> make_init_segment(const codec_parameters& parameters,
                                            utc_us start_utc_us);

struct fmp4_sample {
  access_unit_ptr unit;
  std::uint32_t duration_ticks = 0;    ///< 1/90,000 s until the next picture is decoded
  std::int32_t composition_ticks = 0;  ///< until it is shown; less than 0: the track starts later
};

/// `moof` box and `mdat` header for `samples` (1 or more, in order); the samples' own bytes follow
/// it unchanged, so that a writer sends header and payloads in one gathered write.
/// `sequence` counts fragments of a file from 1; `decode_time_ticks` is the first sample's time in
/// the track (tfdt, 64 bits). The payloads must be less than 4 GiB together. [thread-safe]
std::vector<std::uint8_t> make_fragment_header(std::uint32_t sequence,
                                               std::uint64_t decode_time_ticks,
                                               std::span<const fmp4_sample> samples);

}  // namespace vigie::media

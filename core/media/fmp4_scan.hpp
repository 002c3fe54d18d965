// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "media/codec_parameters.hpp"

namespace vigie::media {

/// Reads up to `length` bytes of the scanned file at `offset`.
using read_at =
    std::function<result<std::vector<std::uint8_t>>(std::uint64_t offset, std::size_t length)>;

/// One complete `moof` + `mdat` of a file.
struct fmp4_fragment {
  std::uint64_t offset = 0;  ///< of the moof
  std::uint64_t size = 0;    ///< moof and mdat
  std::uint32_t sequence = 0;
  std::uint64_t decode_time_ticks = 0;  ///< tfdt
  std::uint64_t duration_ticks = 0;     ///< sum of the samples'
  std::uint32_t samples = 0;
  std::uint64_t payload_bytes = 0;  ///< sum of the samples' sizes
  bool starts_with_sync = false;    ///< first sample is a key frame
};

/// What is whole in a recording, as `make_init_segment` and `make_fragment_header` write it.
struct fmp4_layout {
  std::uint64_t init_bytes = 0;   ///< ftyp + moov; 0: not complete, nothing can be played
  std::uint64_t whole_bytes = 0;  ///< end of the last complete box pair; truncate here
  /// tkhd's size; 0 when there is no init segment.
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::vector<fmp4_fragment> fragments;

  std::uint64_t duration_ticks() const noexcept;
};

/// RFC 6381 name of the codec in an init segment, as `codec_parameters::codecs` has it: "avc1.…" or
/// "hvc1.…". Empty when there is none, or none that can be read. [thread-safe]
std::string codecs_of_init(byte_view init);

/// Walks the top-level boxes of a file of `file_bytes` bytes and stops at the first that is
/// incomplete, damaged or unknown: what kill -9 leaves behind is a torn tail, and `whole_bytes` is
/// where to cut it. Reads box headers and moof boxes only, never sample bytes; memory is bounded
/// whatever the file holds. Errors: those of `read`. [worker]
result<fmp4_layout> scan_fmp4(const read_at& read, std::uint64_t file_bytes);

}  // namespace vigie::media

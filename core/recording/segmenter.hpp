// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "media/access_unit.hpp"
#include "media/fmp4.hpp"

namespace vigie::recording {

/// Begin a new file. A segment still open is thereby closed.
struct open_segment {
  utc_us start_utc_us = 0;  ///< whole milliseconds; later than every earlier segment of the camera
  std::int64_t shift_us = 0;  ///< see segment_row
  media::codec_parameters_ptr parameters;
  std::vector<std::uint8_t> init;  ///< the file's first bytes
};

/// Append one complete fragment: `header`, then the payload of each unit.
struct append_fragment {
  std::vector<std::uint8_t> header;
  std::vector<media::access_unit_ptr> units;
  std::int64_t end_offset_us = 0;  ///< media time from the segment's start to this fragment's end
};

/// The open segment is complete.
struct close_segment {
  utc_us end_utc_us = 0;  ///< 0: where its last fragment ends
};

using segment_command = std::variant<open_segment, append_fragment, close_segment>;

struct segmenter_options {
  std::chrono::seconds segment{60};
  std::size_t fragment_bytes = 256 * 1024;
  /// A GOP longer than this is written in parts, so that a crash costs seconds even with the
  /// ten-second GOPs of "smart" codecs.
  std::chrono::milliseconds fragment_span{3000};
  std::chrono::milliseconds gap{2000};
};

/// Turns one camera's access units into files: which bytes, cut where, named after when. Pure: no
/// disk, no clock, no thread. One owner. [ingest]
///
/// A file is cut on a key frame once `segment` old, at a new stream generation, at a change of the
/// UTC day, after a gap, and at the end of a session. Time inside a file is media time; wall time
/// is read once, when a file starts, so that a step of any clock neither cuts nor overlaps files.
class segmenter {
 public:
  /// `not_before`: the end of the camera's newest recording on disk, 0 when there is none.
  explicit segmenter(segmenter_options options, utc_us not_before = 0) noexcept
      : options_{options}, not_before_{not_before} {}

  /// Takes the next picture. `capture_utc_us` is its wall time (the unit's own, or corrected).
  /// Pictures before the first key frame are not recorded.
  std::vector<segment_command> push(const media::access_unit_ptr& unit, utc_us capture_utc_us);
  /// The session ended: everything buffered is written and the segment closed.
  std::vector<segment_command> end();
  /// A key frame was taken, and nothing ended its segment yet.
  bool is_open() const noexcept { return segment_.has_value(); }
  /// Of the open fragment, and the picture whose end is not known yet.
  std::size_t buffered_bytes() const noexcept {
    return fragment_bytes_ + (held_ ? held_->data.size() : 0);
  }
  /// Forgets what is buffered and waits for a key frame; true when a segment was open.
  bool abandon() noexcept;

 private:
  struct active {
    utc_us start_utc_us = 0;
    std::int64_t shift_us = 0;
    std::int64_t first_pts_us = 0;
    std::int64_t first_composition_us = 0;
    std::uint32_t generation = 0;
    media::codec_parameters_ptr parameters;
    std::uint32_t fragments = 0;
    bool cut_at_key = false;  ///< a gap was seen: the next key frame starts a new file
  };

  void begin(const media::access_unit_ptr& unit, utc_us capture_utc_us);
  void settle(std::int64_t until_pts_us);
  void flush(std::vector<segment_command>& out);
  void close(std::int64_t until_pts_us, std::optional<utc_us> next_capture_utc_us,
             std::vector<segment_command>& out);
  void follow(const media::access_unit& unit, utc_us capture_utc_us,
              std::vector<segment_command>& out);
  bool is_gap(std::int64_t step_us) noexcept;
  bool wants_cut(const media::access_unit& unit) const noexcept;
  std::int64_t typical_end() const noexcept;

  segmenter_options options_;
  utc_us not_before_;
  std::optional<active> segment_;
  media::access_unit_ptr held_;              ///< its duration is known when the next picture comes
  std::vector<media::fmp4_sample> samples_;  ///< the open fragment
  std::int64_t fragment_pts_us_ = 0;
  std::size_t fragment_bytes_ = 0;
  std::int64_t settled_pts_us_ = 0;  ///< where the last settled sample ends
  std::int64_t interval_us_ = 0;     ///< smoothed distance of pictures
  bool last_was_gap_ = false;
};

}  // namespace vigie::recording

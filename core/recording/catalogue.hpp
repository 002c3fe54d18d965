// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "recording/day_index.hpp"

namespace vigie::recording {

/// A recorded file as a reader may have it: the first `bytes` bytes of `path` are complete
/// fragments and stay as they are, also while the recorder appends more.
struct segment_file {
  std::string id;  ///< see `segment_id`
  std::filesystem::path path;
  segment_row row;
};

/// Read access to what is recorded. The segment being written is listed up to about a second ago.
/// Calls block on the disk. [thread-safe]
class catalogue {
 public:
  /// `indexes` outlives the catalogue.
  explicit catalogue(day_indexes& indexes) noexcept : indexes_{indexes} {}

  /// Segments of a camera that touch [from, to), oldest first, across days; empty ones left out.
  result<std::vector<segment_file>> list(const camera_id& camera, utc_us from, utc_us to) const;
  /// Errors: not_found (never recorded, expired, or not an id).
  result<segment_file> resolve(std::string_view id) const;
  /// Of all days.
  result<index_totals> totals() const;

 private:
  day_indexes& indexes_;
};

}  // namespace vigie::recording

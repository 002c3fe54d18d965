// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "recording/segment.hpp"

namespace vigie::recording {

struct index_totals {
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;
};

/// The indexes of a recordings folder: one SQLite file per UTC day, `<root>/<day>/index.db`, one
/// row per segment, none per frame. Everything in them can be rebuilt from the files, so commits
/// are worth a killed process, not a power cut. Calls block on the disk. [thread-safe]
class day_indexes {
 public:
  explicit day_indexes(std::filesystem::path root);
  ~day_indexes();
  day_indexes(const day_indexes&) = delete;
  day_indexes& operator=(const day_indexes&) = delete;

  const std::filesystem::path& root() const noexcept { return root_; }

  /// Writes rows whole, new or known; one transaction per day, whatever the number of cameras.
  result<void> put(std::span<const segment_row> rows);
  /// The same for a row that will change again soon: kept in memory until a read of this object
  /// asks for it, or a later `put` replaces it. Never fails; lost with the process, as the row of
  /// any file that was still growing.
  void put_lazily(segment_row row);
  /// Forgets rows; unknown keys are ignored.
  result<void> erase(std::span<const segment_key> keys);
  /// Marks rows as being erased.
  result<void> mark_erasing(std::span<const segment_key> keys);

  /// Segments of a camera that touch [from, to), by start, at most `limit`; not those being erased.
  result<std::vector<segment_row>> find(const camera_id& camera, utc_us from, utc_us to,
                                        std::size_t limit = 10'000);
  result<std::optional<segment_row>> find(const segment_key& key);
  /// End of the camera's newest segment in the days around `now`; 0 when there is none.
  result<utc_us> newest_end(const camera_id& camera, utc_us now);

  /// Every row of a day, by camera and start.
  result<std::vector<segment_row>> rows_of(utc_day day);
  result<std::vector<camera_id>> cameras_of(utc_day day);
  /// The camera's oldest rows of a day, at most `limit`.
  result<std::vector<segment_row>> oldest_of(utc_day day, const camera_id& camera,
                                             std::size_t limit);
  result<std::vector<segment_row>> in_state(utc_day day, segment_state state);
  /// Rows with a positive `shift_us`, not those being erased.
  result<std::vector<segment_row>> shifted_of(utc_day day);
  result<index_totals> totals_of(utc_day day);

  /// Days that have an index file, oldest first.
  std::vector<utc_day> days() const;
  /// A sealed day needs no recovery: every row was checked against its file and none is open.
  result<bool> is_sealed(utc_day day);
  result<void> seal(utc_day day);
  /// Reads every page of a day's index. Errors: db_corrupt.
  result<void> check(utc_day day);
  /// Closes and deletes a day's index file.
  result<void> drop(utc_day day);

 private:
  class impl;
  std::filesystem::path root_;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::recording

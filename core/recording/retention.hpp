// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "base/ids.hpp"
#include "recording/day_index.hpp"

namespace vigie::recording {

/// Why recordings were erased.
enum class erasure_cause : std::uint8_t {
  expired = 1,  ///< their time was over (LEG-30)
  space,        ///< the disk was short and their minimum time over
};

/// Recordings of one camera that no longer exist.
struct erasure {
  camera_id camera;
  utc_us from_utc_us = 0;
  utc_us to_utc_us = 0;
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  erasure_cause cause = erasure_cause::expired;
};

/// What wiring injects: the law per camera, and the journal.
struct retention_rules {
  /// Must what was captured until `captured_end` be gone by `now`? Once true, stays true.
  std::function<bool(const camera_id&, utc_us captured_end, utc_us now)> expired;
  /// May it go before its time when the disk is short? Empty: never.
  std::function<bool(const camera_id&, utc_us captured_end, utc_us now)> may_go_early;
  /// Called after the files are gone and before the index forgets them; when it fails it is called
  /// again in the next sweep, so that no erasure stays unjournalled (it may be told twice).
  std::function<result<void>(const erasure&)> erased;
};

struct sweep_outcome {
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  std::uint64_t days_dropped = 0;
  std::uint64_t failures = 0;      ///< files, rows or journal entries left for the next sweep
  bool is_short_of_space = false;  ///< still below `keep_free_bytes` after the sweep
};

/// Erases what has expired, automatically (LEG-30), in an order that survives a crash between any
/// two steps: rows marked, files removed, journal told, rows forgotten. Below `keep_free_bytes` it
/// erases early, oldest first, only what `may_go_early` allows, and reports a shortage otherwise.
/// Never touches what is not expired. One caller at a time. [worker]
class retention {
 public:
  retention(disk& files, day_indexes& indexes, retention_rules rules,
            std::uint64_t keep_free_bytes);

  /// One cycle; call it every few minutes.
  sweep_outcome sweep(utc_us now);

 private:
  void resume(utc_day day, utc_us now, sweep_outcome& outcome);
  void sweep_expired(utc_day day, utc_us now, sweep_outcome& outcome);
  template <class MayGo>
  bool erase_oldest(utc_day day, const camera_id& camera, std::size_t at_most, erasure_cause cause,
                    sweep_outcome& outcome, MayGo may_go);
  bool mark_and_erase(const std::vector<segment_row>& rows, erasure_cause cause,
                      sweep_outcome& outcome);
  bool erase_marked(const std::vector<segment_row>& rows, erasure_cause cause,
                    sweep_outcome& outcome);
  void make_room(utc_us now, sweep_outcome& outcome);
  void settle_day(utc_day day, sweep_outcome& outcome);

  disk& files_;
  day_indexes& indexes_;
  retention_rules rules_;
  std::uint64_t keep_free_bytes_;
};

}  // namespace vigie::recording

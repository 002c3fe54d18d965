// SPDX-License-Identifier: Apache-2.0
#include "recording/retention.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/time_text.hpp"

namespace vigie::recording {
namespace {

/// Rows per step: bounds memory and how long the index is locked.
constexpr std::size_t batch_rows = 256;
/// A day's last files may still be open this long after midnight.
constexpr utc_us day_is_over_us = 3'600'000'000;

/// When the newest picture was captured, as far as we know: a file pushed behind its predecessor by
/// a clock that stepped back must not live longer for it.
utc_us captured_end(const segment_row& row) {
  return row.end_utc_us - std::max<std::int64_t>(row.shift_us, 0);
}

bool is_over(utc_day day, utc_us now) { return day < day_of(now - day_is_over_us); }

}  // namespace

retention::retention(disk& files, day_indexes& indexes, retention_rules rules,
                     std::uint64_t keep_free_bytes)
    : files_{files},
      indexes_{indexes},
      rules_{std::move(rules)},
      keep_free_bytes_{keep_free_bytes} {}

sweep_outcome retention::sweep(utc_us now) {
  sweep_outcome outcome;
  for (const auto day : indexes_.days()) {
    resume(day, now, outcome);
    sweep_expired(day, now, outcome);
  }
  make_room(now, outcome);
  for (const auto day : indexes_.days())
    if (is_over(day, now)) settle_day(day, outcome);
  return outcome;
}

/// What an earlier sweep, or process, had marked and not finished.
void retention::resume(utc_day day, utc_us now, sweep_outcome& outcome) {
  auto rows = indexes_.in_state(day, segment_state::erasing);
  if (!rows) {
    ++outcome.failures;
    return;
  }
  const auto early = std::stable_partition(rows->begin(), rows->end(), [&](const segment_row& row) {
    return rules_.expired(row.key.camera, captured_end(row), now);
  });
  erase_marked({rows->begin(), early}, erasure_cause::expired, outcome);
  erase_marked({early, rows->end()}, erasure_cause::space, outcome);
}

void retention::sweep_expired(utc_day day, utc_us now, sweep_outcome& outcome) {
  const auto cameras = indexes_.cameras_of(day);
  if (!cameras) {
    ++outcome.failures;
    return;
  }
  for (const auto& camera : *cameras) {
    const auto may_go = [&](utc_us end) { return rules_.expired(camera, end, now); };
    // One row first: on most days of most cameras nothing is due.
    const auto oldest = indexes_.oldest_of(day, camera, 1);
    if (!oldest) ++outcome.failures;
    if (!oldest || oldest->empty() || !may_go(captured_end(oldest->front()))) continue;
    while (erase_oldest(day, camera, batch_rows, erasure_cause::expired, outcome, may_go)) {}
  }
  // Rows pushed by a clock are due earlier than their place in the day tells.
  auto pushed = indexes_.shifted_of(day);
  if (!pushed) {
    ++outcome.failures;
    return;
  }
  std::erase_if(*pushed, [&](const segment_row& row) {
    return !rules_.expired(row.key.camera, captured_end(row), now);
  });
  mark_and_erase(*pushed, erasure_cause::expired, outcome);
}

/// True when a whole batch went and more may follow.
template <class MayGo>
bool retention::erase_oldest(utc_day day, const camera_id& camera, std::size_t at_most,
                             erasure_cause cause, sweep_outcome& outcome, MayGo may_go) {
  auto rows = indexes_.oldest_of(day, camera, at_most);
  if (!rows) {
    ++outcome.failures;
    return false;
  }
  const auto keep = std::find_if(rows->begin(), rows->end(), [&](const segment_row& row) {
    return !may_go(captured_end(row));
  });
  const bool whole = keep == rows->end() && rows->size() == at_most;
  rows->erase(keep, rows->end());
  return mark_and_erase(*rows, cause, outcome) && whole;
}

bool retention::mark_and_erase(const std::vector<segment_row>& rows, erasure_cause cause,
                               sweep_outcome& outcome) {
  if (rows.empty()) return true;
  std::vector<segment_key> keys;
  for (const auto& row : rows) keys.push_back(row.key);
  if (!indexes_.mark_erasing(keys)) {
    ++outcome.failures;
    return false;
  }
  return erase_marked(rows, cause, outcome);
}

/// Files, then journal, then rows. `rows` are of one day, by camera and start.
bool retention::erase_marked(const std::vector<segment_row>& rows, erasure_cause cause,
                             sweep_outcome& outcome) {
  std::map<camera_id, erasure> told;
  std::map<camera_id, std::vector<segment_key>> gone;
  bool all = true;
  for (const auto& row : rows) {
    if (!files_.remove(indexes_.root() / segment_path(row.key))) {
      ++outcome.failures;
      all = false;
      continue;
    }
    auto& of_camera = told[row.key.camera];
    if (of_camera.segments == 0)
      of_camera = {row.key.camera, row.key.start_utc_us, row.end_utc_us, 0, 0, cause};
    of_camera.to_utc_us = std::max(of_camera.to_utc_us, row.end_utc_us);
    ++of_camera.segments;
    of_camera.bytes += row.bytes;
    gone[row.key.camera].push_back(row.key);
  }
  for (const auto& [camera, entry] : told) {
    const auto journalled = rules_.erased ? rules_.erased(entry) : result<void>{};
    if (!journalled || !indexes_.erase(gone[camera])) {
      ++outcome.failures;
      all = false;
      continue;
    }
    outcome.segments += entry.segments;
    outcome.bytes += entry.bytes;
  }
  return all;
}

void retention::make_room(utc_us now, sweep_outcome& outcome) {
  const auto is_short = [&] {
    const auto free = files_.free_bytes(indexes_.root());
    return free && *free < keep_free_bytes_;
  };
  if (!is_short()) return;
  // Oldest day first; within a day in small steps, so that no camera pays for all.
  constexpr std::size_t step_rows = 16;
  for (const auto day : indexes_.days()) {
    const auto cameras = indexes_.cameras_of(day);
    if (!rules_.may_go_early || !cameras) break;
    bool more = true;
    while (more) {
      more = false;
      for (const auto& camera : *cameras) {
        more = erase_oldest(day, camera, step_rows, erasure_cause::space, outcome,
                            [&](utc_us end) { return rules_.may_go_early(camera, end, now); }) ||
               more;
        if (!is_short()) return;
      }
    }
  }
  outcome.is_short_of_space = true;
}

/// A day that is over is sealed while it has recordings, and removed when it has none.
void retention::settle_day(utc_day day, sweep_outcome& outcome) {
  const auto totals = indexes_.totals_of(day);
  const auto open = indexes_.in_state(day, segment_state::open);
  const auto erasing = indexes_.in_state(day, segment_state::erasing);
  if (!totals || !open || !erasing) {
    ++outcome.failures;
    return;
  }
  if (totals->segments > 0 || !erasing->empty()) {
    if (open->empty() && !indexes_.seal(day)) ++outcome.failures;
    return;
  }
  const auto folder = indexes_.root() / to_text(day);
  const auto cameras = files_.list(folder);
  bool all = cameras.has_value();
  for (const auto& name : cameras.value_or(std::vector<std::string>{}))
    if (is_id_text(name)) all = files_.remove(folder / name).has_value() && all;
  if (!all) {
    // A file that no index knows keeps its folder; the next recovery adopts it.
    ++outcome.failures;
    return;
  }
  if (!indexes_.drop(day) || !files_.remove(folder)) {
    ++outcome.failures;
    return;
  }
  ++outcome.days_dropped;
}

}  // namespace vigie::recording

// SPDX-License-Identifier: Apache-2.0
#include "recording/recovery.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/time_text.hpp"
#include "media/fmp4.hpp"
#include "media/fmp4_scan.hpp"

namespace vigie::recording {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_suffix = ".mp4";

/// Recovery of one day: its files against its rows.
class day_recovery {
 public:
  day_recovery(disk& files, day_indexes& indexes, utc_day day, recovery_outcome& outcome)
      : files_{files}, indexes_{indexes}, day_{day}, outcome_{outcome} {}

  /// True when files and rows agree afterwards.
  result<bool> run() {
    ++outcome_.days;
    if (auto read = read_rows(); !read) return tl::unexpected{read.error()};
    const auto folder = indexes_.root() / to_text(day_);
    auto cameras = files_.list(folder);
    if (!cameras) return tl::unexpected{cameras.error()};
    for (const auto& name : *cameras)
      if (is_id_text(name) && !look_into(folder / name, camera_id{name})) return false;
    for (const auto& [key, row] : rows_) {
      // What retention had begun stays for retention: its journal must still hear of it.
      if (row.state == segment_state::erasing) continue;
      forget_.push_back(key);
      ++outcome_.missing_files;
    }
    if (auto done = indexes_.put(mended_); !done) return tl::unexpected{done.error()};
    if (auto done = indexes_.erase(forget_); !done) return tl::unexpected{done.error()};
    return all_read_;
  }

 private:
  result<void> read_rows() {
    auto sound = indexes_.check(day_);
    auto rows = sound ? indexes_.rows_of(day_)
                      : result<std::vector<segment_row>>{tl::unexpected{sound.error()}};
    if (!rows && rows.error().code != errc::not_found && rows.error().code != errc::db_corrupt)
      return tl::unexpected{rows.error()};
    if (!rows) {
      log::warn("recording index of {} is rebuilt from its files: {}", to_text(day_),
                to_string(rows.error()));
      ++outcome_.rebuilt_indexes;
      return indexes_.drop(day_);
    }
    for (auto& row : *rows) rows_.emplace(row.key, std::move(row));
    return {};
  }

  bool look_into(const fs::path& folder, const camera_id& camera) {
    const auto names = files_.list(folder);
    if (!names) return false;
    for (const auto& name : *names) {
      if (!name.ends_with(file_suffix)) continue;
      const auto start =
          start_from_text(std::string_view{name}.substr(0, name.size() - file_suffix.size()));
      if (start && day_of(*start) == day_) judge(folder / name, {camera, *start});
    }
    return true;
  }

  void judge(const fs::path& path, const segment_key& key) {
    const auto known = rows_.find(key);
    const bool is_known = known != rows_.end();
    segment_row row;
    row.key = key;
    if (is_known) row = known->second;
    if (is_known) rows_.erase(known);
    if (row.state == segment_state::erasing) return;
    const auto size = files_.size(path);
    if (is_known && size && row.state == segment_state::closed && *size == row.bytes) return;
    if (!size || !mend(path, *size, row)) {
      ++outcome_.unreadable_files;
      all_read_ = false;
      return;
    }
    if (!is_known && row.bytes > 0) ++outcome_.adopted_files;
  }

  /// Scans a file, cuts its torn tail, and settles its row. False when the disk refuses.
  bool mend(const fs::path& path, std::uint64_t size, segment_row& row) {
    ++outcome_.scanned_files;
    const auto read = [&](std::uint64_t offset, std::size_t length) {
      return files_.read(path, offset, length);
    };
    const auto layout = media::scan_fmp4(read, size);
    if (!layout) return false;
    if (layout->init_bytes == 0 || layout->fragments.empty()) {
      if (!files_.remove(path)) return false;
      ++outcome_.removed_files;
      forget_.push_back(row.key);
      return true;
    }
    if (layout->whole_bytes < size) {
      if (!files_.truncate(path, layout->whole_bytes)) return false;
      ++outcome_.torn_files;
      outcome_.torn_bytes += size - layout->whole_bytes;
    }
    const auto& last = layout->fragments.back();
    const auto ticks = last.decode_time_ticks + last.duration_ticks;
    row.end_utc_us =
        row.key.start_utc_us + static_cast<utc_us>(ticks * 1'000'000 / media::fmp4_timescale);
    row.bytes = layout->whole_bytes;
    row.frames = 0;
    for (const auto& fragment : layout->fragments) row.frames += fragment.samples;
    row.state = segment_state::closed;
    if (row.codecs.empty()) {
      const auto init = read(0, static_cast<std::size_t>(layout->init_bytes));
      if (!init) return false;
      row.codecs = media::codecs_of_init(*init);
      row.width_px = layout->width_px;
      row.height_px = layout->height_px;
    }
    mended_.push_back(row);
    return true;
  }

  disk& files_;
  day_indexes& indexes_;
  const utc_day day_;
  recovery_outcome& outcome_;
  std::map<segment_key, segment_row> rows_;  ///< not met on disk yet
  std::vector<segment_row> mended_;
  std::vector<segment_key> forget_;
  bool all_read_ = true;
};

}  // namespace

result<recovery_outcome> recover(disk& files, day_indexes& indexes, utc_us now) {
  auto names = files.list(indexes.root());
  if (!names) return tl::unexpected{names.error()};
  std::set<utc_day> days;
  for (const auto day : indexes.days()) days.insert(day);
  for (const auto& name : *names)
    if (const auto day = day_from_text(name)) days.insert(*day);

  recovery_outcome outcome;
  for (const auto day : days) {
    if (const auto sealed = indexes.is_sealed(day); sealed && *sealed) continue;
    const auto agreed = day_recovery{files, indexes, day, outcome}.run();
    if (!agreed) return tl::unexpected{agreed.error()};
    if (*agreed && day < day_of(now))
      if (auto done = indexes.seal(day); !done) return tl::unexpected{done.error()};
  }
  return outcome;
}

}  // namespace vigie::recording

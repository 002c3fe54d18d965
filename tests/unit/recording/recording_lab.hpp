// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "media/fmp4_scan.hpp"
#include "recording/catalogue.hpp"
#include "recording/recorder.hpp"
#include "recording/recovery.hpp"
#include "support/memory_disk.hpp"
#include "support/recorded_feed.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

/// Indexes in a folder of their own, files in memory, time by hand.
struct recording_lab {
  memory_folder folder;
  memory_disk files;
  manual_clock time{1'795'291'200'000'000};
  recording::day_indexes indexes{folder.path()};
  std::map<std::string, recording::recording_report> reports;
  std::uint64_t report_count = 0;

  recording::report_listener listener() {
    return [this](const recording::recording_report& r) {
      reports[r.camera.str()] = r;
      ++report_count;
    };
  }
  static recording::recorder_options by_hand() {
    recording::recorder_options options;
    options.writers = 0;
    return options;
  }
  /// One picture through a sink, with the clock going along.
  void show(ingest::sink& sink, unit_source& source, std::size_t bytes = 200) {
    const auto before = source.utc();
    const auto unit = source.next(bytes);
    time.step_utc(std::chrono::microseconds{unit->capture_utc_us - time.utc()});
    sink.on_access_unit(unit);
    time.advance(std::chrono::microseconds{source.utc() - before});
  }

  /// The numbers of the pictures in a file, from its bytes alone.
  std::vector<std::uint64_t> pictures_in(const std::filesystem::path& path) {
    const auto bytes = files.bytes_of(path);
    const auto layout = media::scan_fmp4(
        [&](std::uint64_t offset, std::size_t length) { return files.read(path, offset, length); },
        bytes.size());
    std::vector<std::uint64_t> numbers;
    if (!layout) return numbers;
    for (const auto& fragment : layout->fragments) {
      auto at = fragment.offset + fragment.size - fragment.payload_bytes;
      for (std::uint32_t i = 0; i < fragment.samples; ++i) {
        std::uint64_t size = 0;
        for (std::size_t b = 0; b < 4; ++b) size = size << 8 | bytes[at + b];
        std::uint64_t number = 0;
        for (std::size_t b = 0; b < 7; ++b) number |= std::uint64_t{bytes[at + 5 + b]} << (8 * b);
        numbers.push_back(number);
        at += 4 + size;
      }
    }
    return numbers;
  }
  /// All pictures of a camera on disk, in the order of its files.
  std::vector<std::uint64_t> pictures_of(const std::string& camera) {
    std::vector<std::uint64_t> numbers;
    for (const auto& path : files.files())
      if (path.parent_path().filename() == camera)
        for (const auto n : pictures_in(path)) numbers.push_back(n);
    return numbers;
  }
  std::vector<recording::segment_row> rows() {
    std::vector<recording::segment_row> all;
    for (const auto day : indexes.days()) {
      const auto of_day = indexes.rows_of(day);
      if (of_day) all.insert(all.end(), of_day->begin(), of_day->end());
    }
    return all;
  }
};

inline bool is_run(const std::vector<std::uint64_t>& numbers, std::uint64_t from,
                   std::uint64_t to) {
  if (numbers.size() != to - from + 1) return false;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != from + i) return false;
  return true;
}

}  // namespace vigie::test

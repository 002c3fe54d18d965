// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "base/log.hpp"
#include "recording/day_index.hpp"
#include "recording/recording_report.hpp"
#include "recording/write_queue.hpp"

namespace vigie::recording {

/// Executes commands on the disk port and keeps index and reports up to date. One thread owns it;
/// nothing here throws away a failure: the camera's report carries it. [worker]
class disk_writer {
 public:
  disk_writer(disk& files, const clock& time, day_indexes& indexes,
              const std::function<void(const recording_report&)>& listener,
              recording_counters& counters)
      : files_{files}, time_{time}, indexes_{indexes}, listener_{listener}, counters_{counters} {}

  /// One pass: rows of new files first (what may exist on disk is announced), then one gathered
  /// append per camera and file.
  void write(std::vector<write_item>& items);
  /// What is due once a second: rows of files that ended (those of files that grew stay in memory
  /// until somebody reads them), reports. `now_due`: all of it, at once.
  void keep_current(bool now_due);
  /// Ends every open file.
  void finish();
  /// After an exception in `write`: what was to be appended is lost, as by a failing disk.
  void abandon_pass();

 private:
  struct open_file {
    segment_row row;
    std::filesystem::path path;
    std::vector<byte_view> parts;  ///< of this pass, not appended yet
    std::vector<std::uint8_t> init;
    std::uint64_t part_bytes = 0;
    std::uint64_t part_frames = 0;
    utc_us part_end_utc_us = 0;
    mono_ns newest_arrival_ns = 0;
    bool row_is_stale = false;
  };
  /// Everything known of one camera, for as long as the process lives.
  struct camera_state {
    lane_ptr shared;
    std::optional<open_file> file;
    recording_report report;
    mono_ns reported_ns = 0;
    bool report_is_due = false;
  };

  void announce(std::vector<write_item>& items);
  void apply(camera_state& camera, open_segment& command);
  void apply(camera_state& camera, append_fragment& command);
  void apply(camera_state& camera, const close_segment& command);
  void append_parts(camera_state& camera);
  void succeed(camera_state& camera);
  void fail_file(camera_state& camera, error trouble);
  void end_file(camera_state& camera);
  void write_rows(mono_ns now, bool grown_too);
  void note_grown_rows();
  void want_report(camera_state& camera);
  void send_reports(mono_ns now, bool now_due);
  camera_state& state_of(const lane_ptr& shared);
  segment_row first_row(const lane& shared, const open_segment& command) const;

  disk& files_;
  const clock& time_;
  day_indexes& indexes_;
  const std::function<void(const recording_report&)>& listener_;
  recording_counters& counters_;
  std::unordered_map<const lane*, camera_state> cameras_;
  std::vector<camera_state*> grown_;       ///< files with a stale row
  std::vector<camera_state*> unreported_;  ///< with a report due
  std::vector<segment_row> ended_rows_;
  std::vector<segment_key> forgotten_rows_;
  std::optional<error> index_trouble_;
  mono_ns rows_written_ns_ = 0;
  mono_ns disk_full_until_ns_ = 0;  ///< new files are refused until then
  log::rate_limit complaints_{10'000'000'000};
};

}  // namespace vigie::recording

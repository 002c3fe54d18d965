// SPDX-License-Identifier: Apache-2.0
#include "recording/disk_writer.hpp"

#include <utility>

namespace vigie::recording {
namespace {

constexpr mono_ns one_second_ns = 1'000'000'000;
/// Index rows that could not be written wait for the next try; beyond this recovery finds the
/// files.
constexpr std::size_t max_waiting_rows = 100'000;

}  // namespace

void disk_writer::write(std::vector<write_item>& items) {
  announce(items);
  for (auto& item : items) {
    auto& camera = state_of(item.to);
    for (auto& command : item.commands) std::visit([&](auto& c) { apply(camera, c); }, command);
  }
  for (const auto& item : items) append_parts(state_of(item.to));
}

void disk_writer::keep_current(bool now_due) {
  const auto now = time_.mono();
  const bool rows_due = now_due || now - rows_written_ns_ >= one_second_ns;
  // After a failure the rows of open files tell whether the index works again.
  if (rows_due) write_rows(now, now_due || index_trouble_);
  send_reports(now, now_due);
  if (!rows_due) return;
  // A replaced feed leaves its lane behind.
  std::erase_if(cameras_, [](const auto& entry) {
    const auto& camera = entry.second;
    return !camera.file && !camera.report_is_due && camera.shared.use_count() == 1;
  });
}

void disk_writer::want_report(camera_state& camera) {
  if (!std::exchange(camera.report_is_due, true)) unreported_.push_back(&camera);
}

void disk_writer::finish() {
  for (auto& [shared, camera] : cameras_) end_file(camera);
}

void disk_writer::abandon_pass() {
  for (auto& [shared, camera] : cameras_)
    if (camera.file && !camera.file->parts.empty())
      fail_file(camera, {errc::internal, "the writer gave up a pass"});
}

disk_writer::camera_state& disk_writer::state_of(const lane_ptr& shared) {
  auto& camera = cameras_[shared.get()];
  if (!camera.shared) {
    camera.shared = shared;
    camera.report.camera = shared->camera;
  }
  return camera;
}

segment_row disk_writer::first_row(const lane& shared, const open_segment& command) const {
  segment_row row;
  row.key = {shared.camera, command.start_utc_us};
  row.end_utc_us = command.start_utc_us;
  row.codecs = command.parameters->codecs;
  row.width_px = command.parameters->width_px;
  row.height_px = command.parameters->height_px;
  row.shift_us = command.shift_us;
  return row;
}

/// Rows of the pass' new files go in before the files exist: what a crash leaves behind is
/// announced.
void disk_writer::announce(std::vector<write_item>& items) {
  std::vector<segment_row> rows;
  for (auto& item : items)
    for (auto& command : item.commands)
      if (auto* open = std::get_if<open_segment>(&command)) {
        // Only a clock that was wrong by more than a day leads to a name that is taken.
        while (files_.size(indexes_.root() / segment_path({item.to->camera, open->start_utc_us})))
          open->start_utc_us += 1000;
        rows.push_back(first_row(*item.to, *open));
      }
  if (rows.empty()) return;
  const auto done = indexes_.put(rows);
  if (done) return;
  ++counters_.index_failures;
  index_trouble_ = done.error();
}

void disk_writer::apply(camera_state& camera, open_segment& command) {
  end_file(camera);
  if (time_.mono() < disk_full_until_ns_) {
    // Trying every camera's every key frame against a full disk would only keep the writer busy.
    forgotten_rows_.push_back({camera.shared->camera, command.start_utc_us});
    camera.shared->count_dropped_gop();
    camera.shared->start_anew = true;
    want_report(camera);
    if (!camera.report.trouble) camera.report.trouble = error{errc::disk_full, "no space left"};
    return;
  }
  open_file file;
  file.row = first_row(*camera.shared, command);
  file.path = indexes_.root() / segment_path(file.row.key);
  file.init = std::move(command.init);
  file.part_bytes = file.init.size();
  file.part_end_utc_us = file.row.end_utc_us;
  camera.file = std::move(file);
  // Only now: the view points into the file's own copy, whose bytes stay where they are.
  camera.file->parts.emplace_back(camera.file->init);
  ++counters_.open_files;
}

void disk_writer::apply(camera_state& camera, append_fragment& command) {
  if (!camera.file) return;  // the file failed: everything until the next key frame is lost
  auto& file = *camera.file;
  file.parts.emplace_back(command.header);
  file.part_bytes += command.header.size();
  for (const auto& unit : command.units) {
    file.parts.emplace_back(unit->data);
    file.part_bytes += unit->data.size();
  }
  file.part_frames += command.units.size();
  file.part_end_utc_us = file.row.key.start_utc_us + command.end_offset_us;
  file.newest_arrival_ns = command.units.back()->arrival_mono_ns;
}

void disk_writer::apply(camera_state& camera, const close_segment& command) {
  if (!camera.file) return;
  append_parts(camera);
  if (camera.file && command.end_utc_us > camera.file->row.key.start_utc_us)
    camera.file->row.end_utc_us = command.end_utc_us;
  end_file(camera);
}

void disk_writer::append_parts(camera_state& camera) {
  if (!camera.file || camera.file->parts.empty()) return;
  auto& file = *camera.file;
  const auto size = files_.append(file.path, file.parts);
  if (!size) return fail_file(camera, size.error());
  if (*size != file.row.bytes + file.part_bytes)
    return fail_file(camera, {errc::disk_failed, file.path.string() + " is not as it was left"});
  succeed(camera);
}

void disk_writer::succeed(camera_state& camera) {
  auto& file = *camera.file;
  file.row.bytes += file.part_bytes;
  file.row.frames += file.part_frames;
  file.row.end_utc_us = file.part_end_utc_us;
  if (!std::exchange(file.row_is_stale, true)) grown_.push_back(&camera);
  camera.report.written_frames += file.part_frames;
  camera.report.written_bytes += file.part_bytes;
  camera.report.last_durable_mono_ns = file.newest_arrival_ns;
  camera.report.trouble.reset();
  want_report(camera);
  counters_.written_frames += file.part_frames;
  counters_.written_bytes += file.part_bytes;
  file.parts.clear();
  file.init = {};
  file.part_bytes = 0;
  file.part_frames = 0;
}

/// Cuts the file back to what was whole and lets the sink begin another one.
void disk_writer::fail_file(camera_state& camera, error trouble) {
  ++counters_.write_failures;
  camera.shared->count_dropped_gop();
  camera.shared->start_anew = true;
  want_report(camera);
  const auto now = time_.mono();
  if (trouble.code == errc::disk_full) disk_full_until_ns_ = now + one_second_ns;
  if (const auto n = complaints_.pass(now))
    log::error("recording {}: {} ({} failures)", camera.shared->camera.str(), to_string(trouble),
               n);
  camera.report.trouble = std::move(trouble);

  auto& file = *camera.file;
  file.parts.clear();
  const auto repaired =
      file.row.bytes == 0 ? files_.remove(file.path) : files_.truncate(file.path, file.row.bytes);
  if (repaired) {
    end_file(camera);
    return;
  }
  // A tail we cannot cut stays for recovery: the row stays open, and its bytes are whole.
  ended_rows_.push_back(std::move(file.row));
  camera.file.reset();
  --counters_.open_files;
}

void disk_writer::end_file(camera_state& camera) {
  if (!camera.file) return;
  append_parts(camera);
  if (!camera.file) return;  // that failed, and ended it
  auto& row = camera.file->row;
  if (row.bytes == 0) {
    forgotten_rows_.push_back(row.key);
  } else {
    row.state = segment_state::closed;
    ended_rows_.push_back(std::move(row));
  }
  camera.file.reset();
  --counters_.open_files;
}

void disk_writer::write_rows(mono_ns now, bool grown_too) {
  rows_written_ns_ = now;
  auto rows = std::exchange(ended_rows_, {});
  const auto ended = rows.size();
  note_grown_rows();
  if (grown_too)
    for (auto& [shared, camera] : cameras_)
      if (camera.file) rows.push_back(camera.file->row);
  if (rows.empty() && forgotten_rows_.empty()) return;

  auto done = indexes_.put(rows);
  if (done) done = indexes_.erase(forgotten_rows_);
  if (done) {
    forgotten_rows_.clear();
    index_trouble_.reset();
    return;
  }
  ++counters_.index_failures;
  index_trouble_ = done.error();
  if (const auto n = complaints_.pass(now))
    log::error("recording index: {} ({} failures)", to_string(done.error()), n);
  rows.resize(ended);
  if (ended <= max_waiting_rows) ended_rows_ = std::move(rows);
}

void disk_writer::note_grown_rows() {
  for (auto* camera : std::exchange(grown_, {}))
    if (camera->file && std::exchange(camera->file->row_is_stale, false))
      indexes_.put_lazily(camera->file->row);
}

void disk_writer::send_reports(mono_ns now, bool now_due) {
  std::erase_if(unreported_, [&](camera_state* due) {
    auto& camera = *due;
    if (!now_due && camera.reported_ns != 0 && now - camera.reported_ns < one_second_ns)
      return false;
    camera.report_is_due = false;
    camera.reported_ns = now;
    auto report = camera.report;
    report.dropped_gops = camera.shared->dropped_gops;
    // A file that no index names cannot be replayed: that is not "recorded" either.
    if (!report.trouble) report.trouble = index_trouble_;
    if (listener_) listener_(report);
    return true;
  });
}

}  // namespace vigie::recording

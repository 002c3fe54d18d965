// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "base/ids.hpp"
#include "ingest/sink.hpp"
#include "recording/day_index.hpp"
#include "recording/recording_report.hpp"
#include "recording/segmenter.hpp"

namespace vigie::recording {

struct recorder_options {
  segmenter_options cut;
  /// Threads that write; a camera stays with one. 0: none, the owner calls `pump` (simulation).
  std::size_t writers = 1;
  std::size_t queue_bytes = 256u << 20;        ///< waiting to be written, per writer
  std::size_t camera_queue_bytes = 16u << 20;  ///< of those, of one camera
};

/// Sums since the start, for metrics.
struct recorder_totals {
  std::uint64_t written_frames = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t dropped_gops = 0;
  std::uint64_t write_failures = 0;
  std::uint64_t index_failures = 0;
  std::uint64_t queued_bytes = 0;
  std::uint64_t cameras = 0;  ///< with a segment open now
};

/// Called on a writer's thread (or by `pump`), at most once a second per camera; returns at once.
using report_listener = std::function<void(const recording_report&)>;

/// Records every camera that has a sink: access units in, fragmented MP4 files and index rows out.
/// Failures of the disk or the index never stop it: the affected cameras say so in their reports
/// and start a new file at a key frame when writing works again. `files`, `time` and `indexes`
/// outlive it.
class recorder {
 public:
  recorder(recorder_options options, disk& files, const clock& time, day_indexes& indexes,
           report_listener listener);
  ~recorder();  ///< stops with a deadline of 5 s when `stop` was not called
  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;

  /// The sink of one camera's feed. Reads the index once: not from a shard or an actor. May be
  /// called again when the feed is replaced; the sink may outlive the recorder and then records
  /// nothing. [worker]
  ingest::sink_ptr make_sink(const camera_id& camera);

  /// True when everything that sinks handed over before the call is in files and index within
  /// `deadline`. What a camera's open fragment holds stays there. [thread-safe]
  bool flush(std::chrono::milliseconds deadline);
  /// Writes what is queued, closes every segment and ends the writers. What is not written when
  /// the deadline passes is given up: false. End the feeds first, so that their last fragments
  /// count.
  bool stop(std::chrono::milliseconds deadline);

  /// With `writers == 0`: does the writers' work on the caller's thread until nothing is left.
  void pump();

  recorder_totals totals() const noexcept;  ///< [thread-safe]

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::recording

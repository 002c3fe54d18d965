// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "analytics/picture_measure.hpp"
#include "base/clock.hpp"
#include "ingest/sink.hpp"

namespace vigie::analytics {

struct probe_options {
  std::filesystem::path host_program;        ///< vigie-plugin-host
  std::chrono::milliseconds interval{2000};  ///< between sampled key frames of one camera
  std::size_t queue_frames = 256;  ///< waiting for the child; more are dropped and counted
  std::chrono::milliseconds answer_deadline{5000};  ///< a child silent for longer is replaced
};

struct probe_counters {
  std::uint64_t sampled = 0;
  std::uint64_t dropped = 0;  ///< shed: the child could not follow (first in the shedding order)
  std::uint64_t measured = 0;
  std::uint64_t child_starts = 0;
};

/// Samples key frames, has them decoded by a sandboxed child (hostile bitstreams never meet a
/// decoder inside `vigie`), and reports what was measured. A child that crashes, hangs or talks
/// nonsense is replaced with back-off; the cameras notice nothing.
class picture_probe {
 public:
  using listener = std::function<void(const picture_measure&)>;  ///< on the probe's thread

  picture_probe(probe_options options, const clock& time, listener on_measure);
  ~picture_probe();
  picture_probe(const picture_probe&) = delete;
  picture_probe& operator=(const picture_probe&) = delete;

  /// A sink that samples one camera's feed. It may outlive the probe. [thread-safe]
  ingest::sink_ptr make_sink(const camera_id& camera);
  probe_counters counters() const noexcept;  ///< [thread-safe]

 private:
  class impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace vigie::analytics

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "ingest/sink.hpp"
#include "recording/write_queue.hpp"

namespace vigie::recording {

/// The recorder's end of one feed: cuts on the shard's thread, hands whole fragments to the writer,
/// and gives up the rest of a GOP when they do not fit. [ingest]
class camera_sink final : public ingest::sink {
 public:
  camera_sink(lane_ptr shared, std::shared_ptr<write_queue> queue, const clock& time,
              segmenter cutter, std::size_t camera_queue_bytes)
      : lane_{std::move(shared)},
        queue_{std::move(queue)},
        time_{time},
        segmenter_{std::move(cutter)},
        camera_queue_bytes_{camera_queue_bytes} {}

  void on_access_unit(const media::access_unit_ptr& unit) noexcept override;
  void on_end_of_session() noexcept override;
  std::size_t held_bytes() const noexcept override {
    return lane_->queued_bytes + segmenter_.buffered_bytes();
  }
  void relieve() noexcept override {
    if (segmenter_.is_open()) give_up();
  }

 private:
  utc_us filing_time(const media::access_unit& unit) const noexcept;
  bool submit(std::vector<segment_command> commands);
  void give_up();

  lane_ptr lane_;
  std::shared_ptr<write_queue> queue_;
  const clock& time_;
  segmenter segmenter_;
  std::size_t camera_queue_bytes_;
};

}  // namespace vigie::recording

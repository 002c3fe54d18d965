// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "recording/segmenter.hpp"

namespace vigie::recording {

/// Sums of one recorder; sinks that outlive it keep them.
struct recording_counters {
  std::atomic<std::uint64_t> written_frames{0};
  std::atomic<std::uint64_t> written_bytes{0};
  std::atomic<std::uint64_t> dropped_gops{0};
  std::atomic<std::uint64_t> write_failures{0};
  std::atomic<std::uint64_t> index_failures{0};
  std::atomic<std::uint64_t> open_files{0};
};

/// What a camera's sink (shard thread) and its writer share.
struct lane {
  lane(camera_id id, std::shared_ptr<recording_counters> counters)
      : camera{std::move(id)}, sums{std::move(counters)} {}
  void count_dropped_gop() noexcept {
    ++dropped_gops;
    ++sums->dropped_gops;
  }
  const camera_id camera;
  const std::shared_ptr<recording_counters> sums;
  std::atomic<std::size_t> queued_bytes{0};
  std::atomic<std::uint64_t> dropped_gops{0};
  std::atomic<bool> start_anew{false};  ///< the writer lost the file: new one at the next key frame
};
using lane_ptr = std::shared_ptr<lane>;

/// Commands of one camera, in order.
struct write_item {
  lane_ptr to;
  std::vector<segment_command> commands;
  std::size_t bytes = 0;
};

/// What waits for one writer, bounded in bytes. Bytes count until `settle`, so that what the writer
/// holds in its hands counts too. [thread-safe]
class write_queue {
 public:
  explicit write_queue(std::size_t capacity_bytes) noexcept : capacity_bytes_{capacity_bytes} {}

  /// False when closed, or full; an item without bytes (a close) always fits.
  bool push(write_item&& item) {
    {
      std::lock_guard lock{mutex_};
      if (closed_ || (item.bytes > 0 && bytes_ + item.bytes > capacity_bytes_)) return false;
      bytes_ += item.bytes;
      item.to->queued_bytes += item.bytes;
      items_.push_back(std::move(item));
      if (bytes_ < capacity_bytes_ / 4) return true;
    }
    ready_.notify_one();
    return true;
  }

  /// Everything there, after gathering for `wait`: one pass over many cameras costs less than many
  /// passes. Sooner when a quarter of the room is taken, at `wake` and at `close`.
  std::vector<write_item> take(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex_};
    ready_.wait_for(lock, wait, [&] { return closed_ || woken_ || bytes_ >= capacity_bytes_ / 4; });
    woken_ = false;
    return std::exchange(items_, {});
  }

  /// The writer is done with a taken item.
  void settle(const write_item& item) {
    std::lock_guard lock{mutex_};
    bytes_ -= item.bytes;
    item.to->queued_bytes -= item.bytes;
  }

  void wake() {
    {
      std::lock_guard lock{mutex_};
      woken_ = true;
    }
    ready_.notify_all();
  }

  void close() {
    {
      std::lock_guard lock{mutex_};
      closed_ = true;
    }
    ready_.notify_all();
  }

  bool finished() const {
    std::lock_guard lock{mutex_};
    return closed_ && items_.empty();
  }

  std::size_t bytes() const {
    std::lock_guard lock{mutex_};
    return bytes_;
  }

 private:
  const std::size_t capacity_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<write_item> items_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
  bool woken_ = false;
};

}  // namespace vigie::recording

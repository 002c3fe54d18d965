// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace vigie::ingest {

/// What the feeds of a node hold in memory for their cameras: torn messages, packets out of order,
/// the picture being put together, and what sinks buffer (open fragment, writes that wait, live
/// fragments under way). [thread-safe]
class memory_ledger {
 public:
  /// One camera holds `now` bytes where it held `before`.
  void note(std::size_t before, std::size_t now) noexcept {
    held_.fetch_add(now, std::memory_order_relaxed);
    held_.fetch_sub(before, std::memory_order_relaxed);
    auto most = most_.load(std::memory_order_relaxed);
    while (now > most && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {}
  }
  /// A camera was over its budget and what it buffered was given up.
  void count_relieved() noexcept { relieved_.fetch_add(1, std::memory_order_relaxed); }

  std::size_t held_bytes() const noexcept { return held_.load(std::memory_order_relaxed); }
  /// The most that one camera held since the start.
  std::size_t most_of_one() const noexcept { return most_.load(std::memory_order_relaxed); }
  std::uint64_t relieved() const noexcept { return relieved_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> held_{0};
  std::atomic<std::size_t> most_{0};
  std::atomic<std::uint64_t> relieved_{0};
};

}  // namespace vigie::ingest

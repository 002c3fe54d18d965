// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace vigie {

/// Many producers, one consumer, a hard bound. A producer never blocks: `try_push` says no when
/// full and the caller counts what it dropped. [thread-safe]
template <class T>
class bounded_queue {
 public:
  explicit bounded_queue(std::size_t capacity) : capacity_{capacity} {}

  /// False when full or closed; `item` is then untouched.
  bool try_push(T&& item) {
    {
      std::lock_guard lock{mutex_};
      if (closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  /// Waits up to `wait` for at least one item and takes everything there. Empty on time-out or when
  /// closed and drained.
  std::vector<T> take_all(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex_};
    ready_.wait_for(lock, wait, [&] { return closed_ || !items_.empty(); });
    std::vector<T> taken{std::make_move_iterator(items_.begin()),
                         std::make_move_iterator(items_.end())};
    items_.clear();
    return taken;
  }

  void close() {
    {
      std::lock_guard lock{mutex_};
      closed_ = true;
    }
    ready_.notify_all();
  }

  /// Closed and nothing left to take.
  bool finished() const {
    std::lock_guard lock{mutex_};
    return closed_ && items_.empty();
  }

  std::size_t size() const {
    std::lock_guard lock{mutex_};
    return items_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace vigie

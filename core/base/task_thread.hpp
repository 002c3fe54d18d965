// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <thread>

#include "base/bounded_queue.hpp"

namespace vigie {

/// One thread that runs what it is given, in order: the place for calls that block (disk, bus) and
/// must leave an actor or a shard at once.
class task_thread {
 public:
  explicit task_thread(std::size_t capacity);
  ~task_thread();  ///< as `stop`
  task_thread(const task_thread&) = delete;
  task_thread& operator=(const task_thread&) = delete;

  /// False when the queue is full or stopped: the caller counts what it could not hand over.
  /// An exception of the task is logged and ends that task alone. [thread-safe]
  bool post(std::function<void()> task);
  /// Runs what is queued, then ends the thread. Not from the thread itself.
  void stop();
  std::size_t waiting() const { return queue_.size(); }

 private:
  void run() noexcept;

  bounded_queue<std::function<void()>> queue_;
  std::thread thread_;
};

}  // namespace vigie

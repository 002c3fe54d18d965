// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "incidents/desk_room.hpp"

namespace vigie::incidents {

/// What waits for the desk. A source that shouts takes one place however often it shouts before the
/// desk looks: its raises are joined and counted. [thread-safe]
class intake {
 public:
  explicit intake(std::size_t capacity) : capacity_{capacity} {}

  /// False when full or closed.
  bool push(desk_task task);
  /// Back to the front, whatever the capacity: they were taken already.
  void push_again(std::vector<desk_task> tasks);
  /// Everything there, after at most `wait`; sooner when something comes.
  std::vector<desk_task> take(std::chrono::milliseconds wait);
  void close();
  bool is_closed() const;
  std::size_t waiting() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<desk_task> tasks_;
  std::unordered_map<std::string, std::size_t> joined_;  ///< cause → place in `tasks_`
  bool is_closed_ = false;
};

}  // namespace vigie::incidents

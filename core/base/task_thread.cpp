// SPDX-License-Identifier: Apache-2.0
#include "base/task_thread.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace vigie {

task_thread::task_thread(std::size_t capacity) : queue_{capacity}, thread_{[this] { run(); }} {}

task_thread::~task_thread() { stop(); }

bool task_thread::post(std::function<void()> task) { return queue_.try_push(std::move(task)); }

void task_thread::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void task_thread::run() noexcept {
  while (!queue_.finished()) {
    for (auto& task : queue_.take_all(std::chrono::seconds{1})) {
      try {
        task();
      } catch (const std::exception& e) {
        log::error("a task failed: {}", e.what());
      }
    }
  }
}

}  // namespace vigie

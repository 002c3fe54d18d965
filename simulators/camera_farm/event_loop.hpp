// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vigie::simulators {

/// Something with a descriptor that the loop watches.
class event_handler {
 public:
  virtual ~event_handler() = default;
  /// `events` are epoll's.
  virtual void on_ready(std::uint32_t events) = 0;
};

/// One thread's epoll loop with one steady tick, which also carries all one-shot timers: thousands
/// of cameras cost one timer. Everything registered belongs to the thread that calls `run`.
class event_loop {
 public:
  event_loop();
  ~event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  void add(int fd, std::uint32_t events, event_handler& handler);
  void modify(int fd, std::uint32_t events, event_handler& handler);
  void remove(int fd);
  /// Destroys a handler once no event of the current round can name it any more.
  void retire(std::shared_ptr<event_handler> handler) { retired_.push_back(std::move(handler)); }

  /// Calls `run` at the first tick at or after `when`.
  void at(mono_ns when, std::function<void()> run) { timers_.emplace(when, std::move(run)); }

  /// Ticks every `period` from now on; `tick` gets 0, 1, 2 … and misses none, however late.
  result<void> start_ticking(std::chrono::nanoseconds period,
                             std::function<void(std::uint64_t)> tick);
  /// Runs until `stop`.
  void run();
  void stop() { running_ = false; }

 private:
  void on_tick();
  system_clock clock_;
  int epoll_ = -1;
  int ticker_ = -1;
  bool running_ = true;
  std::uint64_t next_tick_ = 0;
  std::uint64_t owed_ticks_ = 0;  ///< expired, not run yet
  std::function<void(std::uint64_t)> tick_;
  std::multimap<mono_ns, std::function<void()>> timers_;
  std::vector<std::shared_ptr<event_handler>> retired_;
};

}  // namespace vigie::simulators

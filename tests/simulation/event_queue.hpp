// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace vigie::simulation {

/// What happens when, on virtual time; equal instants keep their order of scheduling.
class event_queue {
 public:
  void at(mono_ns when, std::function<void()> what) {
    events_.push({when, next_++, std::move(what)});
  }
  bool empty() const { return events_.empty(); }
  mono_ns next_at() const { return events_.top().when; }
  /// Takes the earliest event out, to be run by the caller.
  std::function<void()> take() {
    auto what = std::move(const_cast<event&>(events_.top()).what);  // popped at once
    events_.pop();
    return what;
  }

 private:
  struct event {
    mono_ns when;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const event& other) const {
      return std::pair{other.when, other.order} < std::pair{when, order};
    }
  };
  std::priority_queue<event> events_;
  std::uint64_t next_ = 0;
};

}  // namespace vigie::simulation

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "ingest/sink.hpp"

namespace vigie::ingest {

/// One pull, many readers: hands every access unit of one feed to every sink, by reference count.
/// A sink may join or leave at any time, but not from within a callback. [ingest]
class fan_out {
 public:
  explicit fan_out(std::vector<sink_ptr> sinks) : sinks_{std::move(sinks)} {
    std::erase(sinks_, nullptr);
    count_watchers();
  }

  /// A late sink sees units from the next one on; it waits for a key frame by itself.
  void add(sink_ptr extra) {
    if (extra && std::find(sinks_.begin(), sinks_.end(), extra) == sinks_.end())
      sinks_.push_back(std::move(extra));
    count_watchers();
  }
  void remove(const sink_ptr& extra) {
    std::erase(sinks_, extra);
    count_watchers();
  }

  void publish(const media::access_unit_ptr& unit) const noexcept {
    for (const auto& each : sinks_) each->on_access_unit(unit);
  }
  void end_session() const noexcept {
    for (const auto& each : sinks_) each->on_end_of_session();
  }

  std::size_t held_bytes() const noexcept {
    std::size_t sum = 0;
    for (const auto& each : sinks_) sum += each->held_bytes();
    return sum;
  }
  void relieve() const noexcept {
    for (const auto& each : sinks_) each->relieve();
  }

  std::size_t size() const noexcept { return sinks_.size(); }
  /// Some sink wants pictures as they come.
  bool is_watched() const noexcept { return is_watched_; }

 private:
  void count_watchers() noexcept {
    is_watched_ = std::any_of(sinks_.begin(), sinks_.end(),
                              [](const auto& each) { return each->wants_immediacy(); });
  }

  std::vector<sink_ptr> sinks_;
  bool is_watched_ = false;
};

}  // namespace vigie::ingest

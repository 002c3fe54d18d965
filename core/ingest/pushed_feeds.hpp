// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ingest/feed_config.hpp"
#include "ingest/pushed_picture.hpp"
#include "ingest/sink.hpp"
#include "ingest/vitals.hpp"

namespace vigie::ingest {

/// Opens and closes the streams of a plugin's cameras; called on the thread of the feeds.
struct pushed_stream_control {
  std::function<void(const camera_id&)> open;  ///< answered by `pushed_feeds::opened`
  std::function<void(const camera_id&)> close;
};

struct pushed_counters {
  std::uint64_t pictures = 0;
  std::uint64_t dropped = 0;  ///< came faster than they could be taken; whole GOPs follow
};

/// All feeds whose pictures plugins bring, on a thread of their own: a stranger's pace never holds
/// up a shard. Sinks and the listener are called on that thread. All members are [thread-safe].
class pushed_feeds {
 public:
  pushed_feeds(const clock& time, vitals_listener listener, pushed_stream_control control,
               std::uint64_t seed);
  ~pushed_feeds();  ///< closes every stream and joins
  pushed_feeds(const pushed_feeds&) = delete;
  pushed_feeds& operator=(const pushed_feeds&) = delete;

  /// As `engine::start` and its neighbours; `config.url` is not looked at.
  void start(feed_config config, std::vector<sink_ptr> sinks);
  void stop(const camera_id& camera);
  void add_sink(const camera_id& camera, sink_ptr extra);
  void remove_sink(const camera_id& camera, const sink_ptr& extra);

  void opened(const camera_id& camera, result<void> outcome);
  /// False: dropped, too much waits.
  bool picture(const camera_id& camera, pushed_picture picture);
  void ended(const camera_id& camera, error why);
  pushed_counters counters() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::ingest

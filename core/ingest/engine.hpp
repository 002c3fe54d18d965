// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "ingest/feed_config.hpp"
#include "ingest/sink.hpp"
#include "ingest/vitals.hpp"

namespace vigie::ingest {

struct engine_options {
  std::size_t shards = 0;  ///< 0: one per core
  /// Token bucket of the node: 5,000 cameras that lost their power together are dialled within
  /// seven seconds, in which dialling takes most of one core.
  double dials_per_second = 750;
  double dials_per_site_per_second = 20;
  std::uint64_t seed = 0;  ///< of the jitter; 0: from the system
  /// How often the sockets of healthy feeds that nobody watches are read; 0: at every arrival.
  std::chrono::milliseconds sweep{250};
};

/// The data plane: pinned shards that pull feeds and fan access units out to sinks.
///
/// All public functions may be called from any thread; they post to the feed's shard and return at
/// once. Sinks and the listener are called on shard threads. The destructor ends every session in
/// order (TEARDOWN, 1 s budget) and joins the shards.
class engine {
 public:
  engine(engine_options options, const clock& time, vitals_listener listener);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// Pulls a feed until `stop`. `sinks` live as long as the feed. A feed of that camera already
  /// there is replaced.
  void start(feed_config config, std::vector<sink_ptr> sinks);
  void stop(const camera_id& camera);
  /// Adds or removes a reader (a live viewer, …) of a running feed; unknown cameras are ignored.
  void add_sink(const camera_id& camera, sink_ptr extra);
  void remove_sink(const camera_id& camera, const sink_ptr& extra);
  /// How late the most loaded shard was, at worst since the last call.
  std::chrono::nanoseconds take_delay() noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::ingest

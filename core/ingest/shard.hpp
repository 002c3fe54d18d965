// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "ingest/feed_config.hpp"
#include "ingest/sink.hpp"
#include "ingest/token_bucket.hpp"
#include "ingest/vitals.hpp"

namespace vigie::ingest {

struct shard_options {
  std::uint64_t seed = 1;  ///< of the jitter
  /// How often the sockets of healthy feeds that nobody watches are read; 0: at every arrival.
  std::chrono::milliseconds sweep{250};
};

/// One thread with its own event loop, and the feeds pinned to it. Nothing inside takes a lock but
/// the pacer, once per dial. Commands may come from any thread; they are posted and return at once.
class shard {
 public:
  /// `time`, `pacer` and `listener` outlive the shard; `pacer` is thread-safe.
  shard(const clock& time, dial_pacer& pacer, const vitals_listener& listener,
        const shard_options& options);
  /// Joins; sessions still open are cut. Call `begin_shutdown` first to end them in order.
  ~shard();
  shard(const shard&) = delete;
  shard& operator=(const shard&) = delete;

  void start(feed_config config, std::vector<sink_ptr> sinks);
  void stop(const camera_id& camera);
  void add_sink(const camera_id& camera, sink_ptr extra);
  void remove_sink(const camera_id& camera, sink_ptr extra);
  /// How much later than planned the shard looked after its feeds, at worst since the last call.
  std::chrono::nanoseconds take_delay() noexcept;
  /// Ends every session (TEARDOWN, then close) and the thread with the last of them, after 1 s at
  /// most.
  void begin_shutdown();

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::ingest

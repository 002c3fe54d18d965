// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "ingest/annexb_units.hpp"
#include "ingest/backoff.hpp"
#include "ingest/fan_out.hpp"
#include "ingest/feed.hpp"
#include "ingest/feed_config.hpp"
#include "ingest/pushed_picture.hpp"
#include "ingest/rate_window.hpp"
#include "ingest/stall_watch.hpp"
#include "ingest/vitals.hpp"

namespace vigie::ingest {

/// What a pushed feed asks of the plugin that brings its pictures. Must not call back into the feed
/// before returning. [ingest]
class pushed_feed_io {
 public:
  virtual ~pushed_feed_io() = default;
  /// Answered later by `pushed_feed::opened`.
  virtual void open(const camera_id& camera) = 0;
  /// Harmless when nothing is open.
  virtual void close(const camera_id& camera) = 0;
  virtual void report(const feed_vitals& vitals) = 0;
};

/// The life of a feed whose pictures a plugin brings: open, pictures, watchdog on progress,
/// back-off, for ever. The same rules and the same vitals as a feed that we pull; the plugin's own
/// process stands where the socket stood. No thread or clock in it. [ingest]
class pushed_feed {
 public:
  /// `io` and `random` outlive the feed. Of `config` the camera and the times are used.
  pushed_feed(feed_config config, std::vector<sink_ptr> sinks, pushed_feed_io& io,
              random_source& random);

  void start(feed_now now);
  /// Ends the stream and closes it at once.
  void stop(feed_now now);
  void opened(const result<void>& outcome, feed_now now);
  void picture(const pushed_picture& picture, feed_now now);
  /// The plugin says that the stream ended.
  void ended(error why, feed_now now);
  void tick(feed_now now);
  mono_ns wake_at() const noexcept { return wake_at_; }

  void add_sink(sink_ptr extra) { sinks_.add(std::move(extra)); }
  void remove_sink(const sink_ptr& extra) { sinks_.remove(extra); }
  feed_vitals vitals(feed_now now) const;

 private:
  enum class step : std::uint8_t { resting = 1, opening, open, stopped };

  void open(feed_now now);
  void break_off(error why, feed_now now);
  void publish(const pushed_picture& picture, annexb_units::content content, feed_now now);
  void judge(feed_now now);
  void report(feed_now now);
  void plan() noexcept;
  void set_phase(feed_phase phase) noexcept;

  const feed_config config_;
  fan_out sinks_;
  pushed_feed_io& io_;
  backoff backoff_;
  stall_watch watch_;
  rate_window rates_;
  feed_vitals vitals_;
  step step_ = step::resting;
  mono_ns until_ = 0;
  mono_ns report_at_ = 0;
  mono_ns wake_at_ = feed::never;
  mono_ns advancing_since_ = 0;
  bool has_news_ = false;
  bool has_delivered_ = false;
  std::uint32_t units_since_trouble_ = 0;

  std::optional<annexb_units> units_;  ///< of the source's present generation
  std::uint32_t source_generation_ = 0;
  std::int64_t last_pts_us_ = 0;
  std::uint32_t generation_ = 0;
  media::codec_parameters_ptr generation_parameters_;
  bool waits_for_key_ = true;
  bool is_after_loss_ = false;
  std::uint64_t next_sequence_ = 1;
};

}  // namespace vigie::ingest

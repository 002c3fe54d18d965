// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "ingest/feed_config.hpp"
#include "ingest/sink.hpp"
#include "ingest/token_bucket.hpp"
#include "ingest/vitals.hpp"
#include "rtsp/datagrams.hpp"

namespace vigie::ingest {

/// What a feed asks of the world. The shard implements it with sockets, the simulation with events
/// on virtual time. None of these may call back into the feed before returning. [ingest]
class feed_io {
 public:
  virtual ~feed_io() = default;
  /// Opens one TCP connection; answered later by `feed::connected` or `feed::connect_failed`,
  /// unless `close` comes first. `host` is a name or an address, IPv6 without brackets.
  virtual void dial(const std::string& host, std::uint16_t port) = 0;
  /// The same with TLS on top (rtsps); answered alike, with io_tls or tls_untrusted when the
  /// handshake fails. `must_verify` is the policy `tls_verify`.
  virtual void dial_tls(const std::string& host, std::uint16_t port, const tls_settings& trust,
                        bool must_verify);
  /// Whether `dial_tls` works; otherwise rtsps is told to be unsupported.
  virtual bool can_dial_tls() const noexcept { return false; }
  /// Opens a pair of UDP ports on the address the connection is bound to, RTP's even and RTCP's the
  /// next one. What arrives there is handed to `feed::datagrams` until `close`. Nothing when there
  /// is no UDP: the feed then uses TCP.
  virtual std::optional<rtsp::datagram_ports> open_datagrams() { return std::nullopt; }
  /// Where datagrams of this session go to, at the address of the connection's peer.
  virtual void aim_datagrams(rtsp::datagram_ports) {}
  /// One datagram to the aimed port; lost where there is none. ICMP refusals are ignored
  /// (camera-quirk 99).
  virtual void send_datagram(rtsp::datagram_channel, std::span<const std::uint8_t>) {}
  /// Queues bytes to the peer, in order; `bytes` is not retained.
  virtual void send(std::span<const std::uint8_t> bytes) = 0;
  /// Drops the connection or the dial in flight, and the UDP ports; nothing of them is reported to
  /// the feed any more.
  virtual void close() = 0;
  virtual void report(const feed_vitals& vitals) = 0;
};

/// The present, passed in by whoever owns time.
struct feed_now {
  mono_ns mono = 0;
  utc_us utc = 0;
  /// Of bytes: they came between this instant and `mono`, because the socket was swept. 0: at
  /// `mono`.
  mono_ns earliest = 0;
};

/// One feed's whole life as a state machine: dial, RTSP dialogue, media, watchdog on progress,
/// back-off, for ever. No socket, thread, clock or global in it.
///
/// The owner calls an input with the present, then reads `wake_at()` and calls `tick` at that
/// instant or soon after. A tick that comes a second or more too late means that the whole process
/// stood still: deadlines are then pushed back once, because the frames are waiting in the socket.
/// [ingest]
class feed {
 public:
  static constexpr mono_ns never = std::numeric_limits<mono_ns>::max();

  /// `io`, `pacer` and `random` outlive the feed.
  feed(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
       random_source& random);
  ~feed();
  feed(const feed&) = delete;
  feed& operator=(const feed&) = delete;

  void start(feed_now now);
  /// Ends in order: TEARDOWN, then close within a second. `finished()` tells when.
  void stop(feed_now now);

  void connected(feed_now now);
  void connect_failed(errc why, feed_now now);
  /// Bytes from the peer in order, cut anywhere; not retained.
  void bytes(std::span<const std::uint8_t> data, feed_now now);
  /// Datagrams in the order they came; not retained. Many at once cost less than one by one.
  void datagrams(std::span<const rtsp::datagram> batch, feed_now now);
  /// io_closed (FIN), io_reset (RST) or io_failed; the connection is gone.
  void peer_closed(errc why, feed_now now);
  void tick(feed_now now);

  /// When `tick` is wanted; `never` once finished.
  mono_ns wake_at() const noexcept;
  bool finished() const noexcept;

  void add_sink(sink_ptr extra);
  void remove_sink(const sink_ptr& extra);
  /// Pictures advance and nothing is wrong.
  bool is_steady() const noexcept;
  /// Some sink wants pictures as they come.
  bool is_watched() const noexcept;
  /// Measured distance of pictures; 0: not known.
  std::chrono::nanoseconds frame_interval() const noexcept;
  const feed_config& config() const noexcept;
  /// What was last reported, brought up to date.
  feed_vitals vitals(feed_now now) const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::ingest

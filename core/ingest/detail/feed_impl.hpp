// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module: the parts of a feed and what its source files share.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/arrival_clock.hpp"
#include "ingest/backoff.hpp"
#include "ingest/fan_out.hpp"
#include "ingest/feed.hpp"
#include "ingest/rate_window.hpp"
#include "ingest/stall_watch.hpp"
#include "rtp/receiver.hpp"
#include "rtsp/client_session.hpp"

namespace vigie::ingest {

inline constexpr mono_ns second_ns = 1'000'000'000;
inline constexpr mono_ns rtcp_every_ns = 5 * second_ns;  ///< camera-quirk 45
/// For TEARDOWN: the session's own second, and a sweep.
inline constexpr mono_ns leave_budget_ns = 1'200'000'000;

/// What an operator reads of a failure that the camera did not put in words.
std::string_view words_of(errc code) noexcept;

/// One feed; see `feed` for its contract. [ingest]
class feed::impl final : public rtsp::session_events {
 public:
  impl(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
       random_source& random);
  ~impl() override;

  // -- inputs and answers, as `feed` documents them ---
  void start(feed_now now);
  void stop(feed_now now);
  void connected(feed_now now);
  void connect_failed(errc why, feed_now now);
  void bytes(byte_view data, feed_now now);
  void datagrams(std::span<const rtsp::datagram> batch, feed_now now);
  void peer_closed(errc why, feed_now now);
  void tick(feed_now now);

  mono_ns wake_at() const noexcept { return wake_at_; }
  bool finished() const noexcept { return step_ == step::finished; }
  void add_sink(sink_ptr extra) { sinks_.add(std::move(extra)); }
  void remove_sink(const sink_ptr& extra) { sinks_.remove(extra); }
  bool is_steady() const noexcept {
    return is_watching() && vitals_.phase == feed_phase::advancing && !vitals_.trouble;
  }
  bool is_watched() const noexcept { return sinks_.is_watched(); }
  std::chrono::nanoseconds frame_interval() const noexcept { return watch_.interval(); }
  const feed_config& config() const noexcept { return config_; }

  feed_vitals vitals(feed_now now) const;

  // -- what the session says; called from inside its inputs, so that nothing here may end it ---
  void on_send(byte_view data) override { io_.send(data); }
  std::optional<rtsp::datagram_ports> on_open_datagrams() override { return io_.open_datagrams(); }
  void on_aim(rtsp::datagram_ports remote) override { io_.aim_datagrams(remote); }
  void on_send_datagram(rtsp::datagram_channel channel, byte_view data) override {
    io_.send_datagram(channel, data);
  }
  void on_track(const rtsp::video_track& track) override;
  void on_rtp(byte_view packet) override;
  void on_rtcp(byte_view packet) override;
  void on_authenticated() override;
  void on_playing(const rtsp::video_track&) override;
  void on_redirect(const rtsp::url&) override { redirected_ = true; }
  void on_closed(const std::optional<error>& reason) override;

 private:
  enum class step : std::uint8_t {
    fresh = 1,
    resting,    ///< back-off
    site_slot,  ///< waiting for the site's turn to dial
    node_slot,  ///< waiting for the node's turn to dial
    dialing,
    open,     ///< connected: `session_` has the word
    leaving,  ///< TEARDOWN sent
    finished,
  };

  bool is_watching() const noexcept {
    return step_ == step::open && vitals_.phase >= feed_phase::playing;
  }

  void set_phase(feed_phase phase) noexcept {
    if (std::exchange(vitals_.phase, phase) != phase) has_news_ = true;
  }
  void set_trouble(error trouble) {
    has_news_ = true;
    units_since_trouble_ = 0;
    vitals_.trouble = std::move(trouble);
  }

  // -- feed.cpp: inputs and steps ---
  /// Opens every input. After a pause of the whole process (SIGSTOP, a frozen machine) what the
  /// camera sent meanwhile waits in the socket, so deadlines are pushed back; once, since a shard
  /// that is late all the time must not blind the watchdog.
  void enter(feed_now now) noexcept;
  /// Goes through the waits before a dial as far as time allows.
  void proceed();
  /// Closes every input: judges, acts on what the session asked for, reports, plans the next tick.
  void settle();
  void plan() noexcept;
  /// What a read that brought no picture says of the camera.
  void note_read();
  bool must_verify() const;
  /// Nothing but a new configuration can help.
  void give_up(error why);

  /// When bytes of the present read that carry this RTP time arrived.
  feed_now arrival_of(byte_view rtp_packet) noexcept;
  feed_now arrival_of_report(byte_view rtcp_packet) const noexcept;

  // -- feed_session.cpp: what a session brings, and its end ---
  void rest_after(errc why);
  /// Ends the session in order: a stalled one, or any when the feed is stopped.
  void leave();
  void left();
  /// The session, or the attempt at one, failed; the connection is gone.
  void end_session(error why);
  void drop_session();
  void keep_receiver_totals();
  /// "host:port" of the session's server.
  std::string server_key() const;
  void note_advance() noexcept;

  // -- feed_verdict.cpp: progress, stalls, reports ---
  void take(const media::access_unit_ptr& unit);
  std::size_t held_bytes() const noexcept;
  /// Sinks give up what they gathered; counted once until the camera is within its budget again.
  void relieve(bool is_first) noexcept;
  void note_memory() noexcept;
  quirk_tally quirks_met() const noexcept;
  /// Draws the conclusions from progress and the lack of it.
  void judge();
  /// Silence is the lack of evidence: it never replaces what was proven about a camera that still
  /// has not recovered, so that the cause does not flicker from session to session.
  bool is_worse(errc evidence) const noexcept;
  void report_stall(errc evidence);
  void report();

  const feed_config config_;
  const result<rtsp::url> target_;
  fan_out sinks_;
  feed_io& io_;
  dial_pacer& pacer_;
  random_source& random_;
  backoff backoff_;
  stall_watch watch_;
  rate_window rates_;
  arrival_clock arrivals_;

  feed_now now_;
  step step_ = step::fresh;
  bool stopping_ = false;
  mono_ns until_ = never;  ///< end of the present step, where it has one
  mono_ns wake_at_ = never;

  // -- the session, and what it asked for during the present input ---
  std::unique_ptr<rtsp::client_session> session_;
  std::optional<rtp::receiver> receiver_;
  rtsp::session_memory memory_;
  std::vector<media::access_unit_ptr> units_;
  bool closed_ = false;
  bool redirected_ = false;
  std::optional<error> close_reason_;
  bool progressed_ = false;      ///< a unit was delivered during the present input
  std::size_t video_bytes_ = 0;  ///< in RTP packets of the present read
  std::uint64_t dropped_units_ = 0;

  // -- across sessions ---
  std::uint64_t next_sequence_ = 1;
  std::uint32_t next_generation_ = 1;
  std::uint32_t units_since_trouble_ = 0;
  bool has_delivered_ = false;  ///< sinks have something of this session
  mono_ns rest_until_ = 0;
  mono_ns abandon_at_ = never;
  mono_ns advancing_since_ = 0;
  mono_ns advanced_ns_ = 0;  ///< longest run of pictures in this session
  mono_ns rtcp_at_ = never;
  mono_ns grace_until_ = 0;
  bool is_late_ = false;
  bool is_pardoned_ = false;

  bool is_over_budget_ = false;
  quirk_tally ended_quirks_{};     ///< of sessions and receivers that are gone
  quirk_tally reported_quirks_{};  ///< of which `config_.totals` knows
  feed_vitals vitals_;             ///< lost_packets and anomalies without the present receiver's
  mono_ns report_at_ = 0;
  bool has_news_ = false;
};

}  // namespace vigie::ingest

// SPDX-License-Identifier: Apache-2.0
#include "ingest/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "ingest/backoff.hpp"
#include "ingest/fan_out.hpp"
#include "ingest/rate_window.hpp"
#include "ingest/stall_watch.hpp"
#include "media/h264.hpp"
#include "rtp/h264_receiver.hpp"
#include "rtsp/client_session.hpp"

namespace vigie::ingest {
namespace {

constexpr mono_ns second_ns = 1'000'000'000;
constexpr mono_ns late_tick_ns = second_ns;         ///< later than this, the process stood still
constexpr mono_ns grace_ns = second_ns;             ///< to read what waited in the socket meanwhile
constexpr mono_ns report_every_ns = second_ns;      ///< vitals without news
constexpr mono_ns rtcp_every_ns = 5 * second_ns;    ///< camera-quirk 45
constexpr mono_ns leave_budget_ns = 1'200'000'000;  ///< the session's own second, and a sweep
constexpr std::uint32_t units_to_trust = 2;         ///< pictures that end a trouble

bool is_stall(errc code) noexcept {
  return code == errc::stall_silence || code == errc::stall_rtcp_only || code == errc::stall_drip;
}

std::string_view words_of(errc code) noexcept {
  switch (code) {
    case errc::io_refused:
      return "nothing listens at the camera's address";
    case errc::io_unreachable:
      return "no way to the camera";
    case errc::io_timeout:
      return "the camera's host does not answer";
    case errc::io_reset:
      return "the camera cut the connection";
    case errc::io_closed:
      return "the camera ended the connection";
    case errc::stall_silence:
      return "not a byte";
    case errc::stall_rtcp_only:
      return "only control packets";
    case errc::stall_drip:
      return "bytes, but no complete picture";
    default:
      return "the connection failed";
  }
}

/// The parameter sets of the description, as a hint for cameras that send none in the stream.
std::optional<media::codec_parameters> sprop_of(const rtsp::video_track& track) {
  byte_view sps;
  std::vector<byte_view> pps;
  for (const auto& set : track.parameter_sets) {
    if (set.empty()) continue;
    const auto type = media::h264_nal_of(set.front());
    if (type == media::h264_nal::sps && sps.empty()) sps = set;
    if (type == media::h264_nal::pps) pps.emplace_back(set);
  }
  if (sps.empty() || pps.empty()) return std::nullopt;
  return media::make_h264_parameters(sps, pps);
}

}  // namespace

class feed::impl final : public rtsp::session_events {
 public:
  impl(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
       random_source& random)
      : config_{std::move(config)},
        target_{rtsp::parse_url(config_.url)},
        sinks_{std::move(sinks)},
        io_{io},
        pacer_{pacer},
        random_{random},
        backoff_{config_, random},
        watch_{config_.stall_floor} {
    vitals_.camera = config_.camera;
  }

  // -- inputs ---

  void start(feed_now now) {
    if (step_ != step::fresh) return;
    enter(now);
    step_ = step::resting;
    until_ = now.mono;
    if (!target_) {
      give_up(target_.error());
    } else if (target_->is_secure) {
      give_up({errc::config_invalid, "rtsps is not supported: use rtsp://"});
    }
    proceed();
    settle();
  }

  void stop(feed_now now) {
    enter(now);
    stopping_ = true;
    if (step_ == step::open) {
      leave();
    } else if (step_ != step::leaving) {
      if (step_ == step::dialing) io_.close();
      step_ = step::finished;
    }
    settle();
  }

  void connected(feed_now now) {
    if (step_ != step::dialing) return;
    enter(now);
    step_ = step::open;
    set_phase(feed_phase::negotiating);
    if (!session_) {
      rtsp::session_options options;
      options.target = *target_;
      options.username = config_.username;
      options.password = config_.password;
      options.response_timeout = config_.response_timeout;
      options.memory = memory_;
      session_ = std::make_unique<rtsp::client_session>(std::move(options), *this, random_);
    }
    session_->on_connected(now.mono);
    settle();
  }

  void connect_failed(errc why, feed_now now) {
    if (step_ != step::dialing) return;
    enter(now);
    end_session({why, std::string{words_of(why)}});
    settle();
  }

  void bytes(byte_view data, feed_now now) {
    if (step_ != step::open && step_ != step::leaving) return;
    enter(now);
    vitals_.bytes += data.size();
    session_->on_bytes(data, now.mono);
    if (is_watching()) {
      if (!progressed_ && receiver_) {
        const auto dropped = receiver_->counters().dropped_units;
        if (dropped != std::exchange(dropped_units_, dropped)) watch_.on_dropped_picture(now.mono);
      }
      if (!progressed_) watch_.on_read(video_bytes_, session_->buffered_bytes(), now.mono);
    }
    settle();
  }

  void peer_closed(errc why, feed_now now) {
    if (step_ == step::dialing) return connect_failed(why, now);
    if (step_ != step::open && step_ != step::leaving) return;
    enter(now);
    session_->on_disconnected(now.mono);
    closed_ = false;
    if (step_ == step::leaving) {
      left();
    } else {
      end_session({why, fmt::format("{} ({})", words_of(why),
                                    vitals_.phase == feed_phase::negotiating ? "before any picture"
                                                                             : "while playing")});
    }
    settle();
  }

  void tick(feed_now now) {
    enter(now);
    if (!is_late_) is_pardoned_ = false;
    proceed();
    if (step_ == step::dialing && now.mono >= until_) {
      io_.close();
      end_session({errc::io_timeout, std::string{words_of(errc::io_timeout)}});
    }
    if (session_ && (step_ == step::open || step_ == step::leaving)) {
      if (now.mono >= grace_until_) session_->on_tick(now.mono);
      if (is_watching() && !closed_ && now.mono >= rtcp_at_) {
        rtcp_at_ = now.mono + rtcp_every_ns;
        if (receiver_) session_->send_rtcp(receiver_->receiver_report(now.mono));
      }
    }
    if (step_ == step::leaving && !closed_ && now.mono >= until_) {
      io_.close();
      left();
    }
    settle();
  }

  mono_ns wake_at() const noexcept { return wake_at_; }
  bool finished() const noexcept { return step_ == step::finished; }
  void add_sink(sink_ptr extra) { sinks_.add(std::move(extra)); }
  void remove_sink(const sink_ptr& extra) { sinks_.remove(extra); }
  const feed_config& config() const noexcept { return config_; }

  feed_vitals vitals(feed_now now) const {
    feed_vitals out = vitals_;
    out.at_mono_ns = now.mono;
    const auto rates = rates_.peek(now.mono, vitals_.access_units, vitals_.bytes);
    out.frames_per_s = rates.frames_per_s;
    out.kbit_per_s = rates.kbit_per_s;
    if (receiver_) {
      const auto counters = receiver_->counters();
      out.lost_packets += counters.lost_packets;
      out.anomalies += counters.anomalies();
      out.clock_offset_us = receiver_->clock_offset_us();
    }
    return out;
  }

  // -- what the session says; called from inside its inputs, so that nothing here may end it ---

  void on_send(byte_view data) override { io_.send(data); }

  void on_track(const rtsp::video_track& track) override {
    keep_receiver_totals();
    rtp::h264_receiver_options options;
    options.payload_type = track.payload_type;
    options.clock_hz = track.clock_rate_hz;
    options.first_sequence = next_sequence_;
    options.first_generation = next_generation_;
    options.own_ssrc = static_cast<std::uint32_t>(random_.next()) | 1U;
    receiver_.emplace(std::move(options), sprop_of(track));
    dropped_units_ = 0;
  }

  void on_rtp(byte_view packet) override {
    video_bytes_ += packet.size();
    if (!receiver_ || step_ != step::open) return;
    units_.clear();
    receiver_->push(packet, now_.mono, now_.utc, units_);
    for (const auto& unit : units_) take(unit);
  }

  void on_rtcp(byte_view packet) override {
    if (receiver_) receiver_->on_rtcp(packet, now_.mono, now_.utc);
  }

  void on_authenticated() override {
    if (!std::exchange(vitals_.authenticated, true)) has_news_ = true;
  }

  void on_playing(const rtsp::video_track&) override {
    if (step_ != step::open) return;
    ++vitals_.sessions;
    set_phase(feed_phase::playing);
    watch_.arm(now_.mono);
    rates_.restart(now_.mono, vitals_.access_units, vitals_.bytes);
    rtcp_at_ = now_.mono + rtcp_every_ns;
  }

  void on_redirect(const rtsp::url&) override { redirected_ = true; }

  void on_closed(const std::optional<error>& reason) override {
    closed_ = true;
    close_reason_ = reason;
  }

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

  /// Nothing but a new configuration can help.
  void give_up(error why) {
    set_trouble(std::move(why));
    until_ = never;
  }

  /// Opens every input. After a pause of the whole process (SIGSTOP, a frozen machine) what the
  /// camera sent meanwhile waits in the socket, so deadlines are pushed back; once, since a shard
  /// that is late all the time must not blind the watchdog.
  void enter(feed_now now) noexcept {
    now_ = now;
    progressed_ = false;
    video_bytes_ = 0;
    is_late_ = wake_at_ != never && now.mono - wake_at_ > late_tick_ns;
    if (!is_late_ || std::exchange(is_pardoned_, true)) return;
    grace_until_ = now.mono + grace_ns;
    watch_.forgive(now.mono);
    abandon_at_ = now.mono + to_ns(config_.stall_patience);
    if (step_ == step::dialing) until_ = now.mono + to_ns(config_.connect_timeout);
    if (step_ == step::leaving) until_ = now.mono + leave_budget_ns;
  }

  /// Goes through the waits before a dial as far as time allows.
  void proceed() {
    if (step_ == step::resting && now_.mono >= until_) {
      step_ = step::site_slot;
      until_ = pacer_.reserve_site(config_.site, now_.mono);
    }
    if (step_ == step::site_slot && now_.mono >= until_) {
      step_ = step::node_slot;
      until_ = pacer_.reserve_node(now_.mono);
    }
    if (step_ == step::node_slot && now_.mono >= until_) {
      const rtsp::url& to = session_ ? session_->target() : *target_;
      ++vitals_.dials;
      vitals_.authenticated = false;
      step_ = step::dialing;
      until_ = now_.mono + to_ns(config_.connect_timeout);
      set_phase(feed_phase::dialing);
      io_.dial(to.host, to.port);
    }
  }

  void take(const media::access_unit_ptr& unit) {
    progressed_ = true;
    is_pardoned_ = false;
    ++vitals_.access_units;
    if (unit->is_key) ++vitals_.key_frames;
    vitals_.last_unit_mono_ns = now_.mono;
    if (unit->parameters) {
      vitals_.width_px = unit->parameters->width_px;
      vitals_.height_px = unit->parameters->height_px;
    }
    has_delivered_ = true;
    sinks_.publish(unit);
    if (is_watching()) watch_.on_unit(now_.mono);
    ++units_since_trouble_;
  }

  /// Draws the conclusions from progress and the lack of it.
  void judge() {
    if (!is_watching()) return;
    const mono_ns deadline = watch_.deadline();
    if (progressed_ && vitals_.phase != feed_phase::advancing) {
      abandon_at_ = deadline + to_ns(config_.stall_patience);
      if (!vitals_.trouble || units_since_trouble_ >= units_to_trust) {
        set_phase(feed_phase::advancing);
        vitals_.trouble.reset();
        advancing_since_ = now_.mono;
      }
      return;
    }
    if (now_.mono < deadline) return;
    const errc evidence = watch_.evidence(now_.mono);
    if (vitals_.phase != feed_phase::stalled) {
      note_advance();
      set_phase(feed_phase::stalled);
      abandon_at_ = now_.mono + to_ns(config_.stall_patience);
      report_stall(evidence);
    } else if (is_worse(evidence)) {
      report_stall(evidence);
    }
    if (now_.mono >= abandon_at_) leave();
  }

  /// Silence is the lack of evidence: it never replaces what was proven about a camera that still
  /// has not recovered, so that the cause does not flicker from session to session.
  bool is_worse(errc evidence) const noexcept {
    return !vitals_.trouble || !is_stall(vitals_.trouble->code) || evidence > vitals_.trouble->code;
  }
  void report_stall(errc evidence) {
    const bool keep = evidence == errc::stall_silence && !is_worse(evidence);
    const errc code = keep ? vitals_.trouble->code : evidence;
    set_trouble({code, fmt::format("no picture: {}", words_of(code))});
  }

  void note_advance() noexcept {
    if (vitals_.phase != feed_phase::advancing) return;
    advanced_ns_ = std::max(advanced_ns_, vitals_.last_unit_mono_ns - advancing_since_);
  }

  void rest_after(errc why) {
    note_advance();
    rest_until_ = now_.mono + to_ns(backoff_.next(why, std::chrono::nanoseconds{advanced_ns_}));
    advanced_ns_ = 0;
    if (std::exchange(has_delivered_, false)) sinks_.end_session();
    set_phase(feed_phase::idle);
  }

  /// Ends the session in order: a stalled one, or any when the feed is stopped.
  void leave() {
    rest_after(vitals_.trouble ? vitals_.trouble->code : errc::io_closed);
    step_ = step::leaving;
    until_ = now_.mono + leave_budget_ns;
    session_->begin_teardown(now_.mono);
  }

  void left() {
    drop_session();
    step_ = stopping_ ? step::finished : step::resting;
    until_ = rest_until_;
  }

  /// The session, or the attempt at one, failed; the connection is gone.
  void end_session(error why) {
    rest_after(why.code);
    set_trouble(std::move(why));
    left();
  }

  void drop_session() {
    if (session_) memory_ = session_->memory();
    session_.reset();
    keep_receiver_totals();
    closed_ = false;
    redirected_ = false;
  }

  void keep_receiver_totals() {
    if (!receiver_) return;
    const auto counters = receiver_->counters();
    vitals_.lost_packets += counters.lost_packets;
    vitals_.anomalies += counters.anomalies();
    next_sequence_ = receiver_->next_sequence();
    next_generation_ = receiver_->next_generation();
    receiver_.reset();
  }

  /// Closes every input: acts on what the session asked for, judges, reports, plans the next tick.
  void settle() {
    judge();
    if (std::exchange(closed_, false)) {
      io_.close();
      if (step_ == step::leaving) {
        left();
      } else {
        end_session(close_reason_.value_or(error{errc::io_closed, "the session ended"}));
      }
    } else if (std::exchange(redirected_, false)) {
      io_.close();
      keep_receiver_totals();
      step_ = step::site_slot;
      until_ = pacer_.reserve_site(config_.site, now_.mono);
      set_phase(feed_phase::idle);
      proceed();
    }
    if (!stopping_ && (has_news_ || (is_watching() && now_.mono >= report_at_))) report();
    has_news_ = false;
    plan();
  }

  void report() {
    report_at_ = now_.mono + report_every_ns;
    const auto current = vitals(now_);
    rates_.sample(now_.mono, vitals_.access_units, vitals_.bytes);
    io_.report(current);
  }

  void plan() noexcept {
    switch (step_) {
      case step::fresh:
      case step::finished:
        wake_at_ = never;
        return;
      case step::resting:
      case step::site_slot:
      case step::node_slot:
      case step::dialing:
        wake_at_ = until_;
        return;
      case step::open:
      case step::leaving:
        break;
    }
    wake_at_ = step_ == step::leaving ? until_ : never;
    if (const auto due = session_->next_deadline())
      wake_at_ = std::min(wake_at_, std::max(*due, grace_until_));
    if (!is_watching()) return;
    wake_at_ = std::min({wake_at_, rtcp_at_, report_at_,
                         vitals_.phase == feed_phase::stalled ? abandon_at_ : watch_.deadline()});
  }

  const feed_config config_;
  const result<rtsp::url> target_;
  fan_out sinks_;
  feed_io& io_;
  dial_pacer& pacer_;
  random_source& random_;
  backoff backoff_;
  stall_watch watch_;
  rate_window rates_;

  feed_now now_;
  step step_ = step::fresh;
  bool stopping_ = false;
  mono_ns until_ = never;  ///< end of the present step, where it has one
  mono_ns wake_at_ = never;

  // -- the session, and what it asked for during the present input ---
  std::unique_ptr<rtsp::client_session> session_;
  std::optional<rtp::h264_receiver> receiver_;
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

  feed_vitals vitals_;  ///< lost_packets and anomalies without the present receiver's
  mono_ns report_at_ = 0;
  bool has_news_ = false;
};

feed::feed(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
           random_source& random)
    : impl_{std::make_unique<impl>(std::move(config), std::move(sinks), io, pacer, random)} {}
feed::~feed() = default;

void feed::start(feed_now now) { impl_->start(now); }
void feed::stop(feed_now now) { impl_->stop(now); }
void feed::connected(feed_now now) { impl_->connected(now); }
void feed::connect_failed(errc why, feed_now now) { impl_->connect_failed(why, now); }
void feed::bytes(std::span<const std::uint8_t> data, feed_now now) { impl_->bytes(data, now); }
void feed::peer_closed(errc why, feed_now now) { impl_->peer_closed(why, now); }
void feed::tick(feed_now now) { impl_->tick(now); }
mono_ns feed::wake_at() const noexcept { return impl_->wake_at(); }
bool feed::finished() const noexcept { return impl_->finished(); }
void feed::add_sink(sink_ptr extra) { impl_->add_sink(std::move(extra)); }
void feed::remove_sink(const sink_ptr& extra) { impl_->remove_sink(extra); }
const feed_config& feed::config() const noexcept { return impl_->config(); }
feed_vitals feed::vitals(feed_now now) const { return impl_->vitals(now); }

}  // namespace vigie::ingest

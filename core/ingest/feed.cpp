// SPDX-License-Identifier: Apache-2.0
#include "ingest/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "ingest/detail/feed_impl.hpp"

namespace vigie::ingest {
namespace {

constexpr mono_ns late_tick_ns = second_ns;  ///< later than this, the process stood still
constexpr mono_ns grace_ns = second_ns;      ///< to read what waited in the socket meanwhile

std::uint32_t read_be32(byte_view at) noexcept {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
         at[3];
}

}  // namespace

feed::impl::impl(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
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

feed::impl::~impl() {
  if (config_.memory) config_.memory->note(vitals_.held_bytes, 0);
}

void feed::impl::start(feed_now now) {
  if (step_ != step::fresh) return;
  enter(now);
  step_ = step::resting;
  until_ = now.mono;
  if (!target_) {
    give_up(target_.error());
  } else if (target_->is_secure && !io_.can_dial_tls()) {
    give_up({errc::config_invalid, "rtsps is not supported: use rtsp://"});
  }
  proceed();
  settle();
}

void feed::impl::stop(feed_now now) {
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

void feed::impl::connected(feed_now now) {
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
    options.policies = config_.policies;
    options.quirks = config_.quirks;
    options.camera = config_.camera.str();
    options.vendor = config_.vendor;
    session_ = std::make_unique<rtsp::client_session>(std::move(options), *this, random_);
  }
  session_->on_connected(now.mono);
  settle();
}

void feed::impl::connect_failed(errc why, feed_now now) {
  if (step_ != step::dialing) return;
  enter(now);
  end_session({why, std::string{words_of(why)}});
  settle();
}

void feed::impl::bytes(byte_view data, feed_now now) {
  if (step_ != step::open && step_ != step::leaving) return;
  enter(now);
  vitals_.bytes += data.size();
  session_->on_bytes(data, now.mono);
  note_read();
  settle();
}

void feed::impl::datagrams(std::span<const rtsp::datagram> batch, feed_now now) {
  if (step_ != step::open) return;
  enter(now);
  for (const rtsp::datagram& one : batch) {
    vitals_.bytes += one.bytes.size();
    session_->on_datagram(one);
  }
  note_read();
  settle();
}

void feed::impl::note_read() {
  if (!is_watching()) return;
  if (!progressed_ && receiver_) {
    const auto dropped = receiver_->dropped_units();
    if (dropped != std::exchange(dropped_units_, dropped)) watch_.on_dropped_picture(now_.mono);
  }
  if (!progressed_) watch_.on_read(video_bytes_, session_->buffered_bytes(), now_.mono);
}

void feed::impl::peer_closed(errc why, feed_now now) {
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

void feed::impl::tick(feed_now now) {
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
      const bool is_wanted =
          session_->policies().receiver_reports != rtsp::receiver_reports_policy::off;
      if (receiver_ && is_wanted) session_->send_rtcp(receiver_->receiver_report(now.mono));
    }
  }
  if (step_ == step::open && receiver_ && receiver_->next_deadline().value_or(never) <= now.mono) {
    units_.clear();
    receiver_->on_tick(now.mono, units_);
    for (const auto& unit : units_) take(unit);
  }
  if (step_ == step::leaving && !closed_ && now.mono >= until_) {
    io_.close();
    left();
  }
  settle();
}

void feed::impl::enter(feed_now now) noexcept {
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

void feed::impl::proceed() {
  if (step_ == step::resting && now_.mono >= until_ && config_.stale_sessions && target_)
    until_ = config_.stale_sessions->may_dial_at(server_key(), config_.camera.str(), now_.mono);
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
    if (to.is_secure) {
      io_.dial_tls(to.host, to.port, config_.tls, must_verify());
    } else {
      io_.dial(to.host, to.port);
    }
  }
}

void feed::impl::settle() {
  if (!closed_) judge();
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

void feed::impl::plan() noexcept {
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
  if (receiver_) wake_at_ = std::min(wake_at_, receiver_->next_deadline().value_or(never));
  if (!is_watching()) return;
  wake_at_ = std::min({wake_at_, rtcp_at_, report_at_,
                       vitals_.phase == feed_phase::stalled ? abandon_at_ : watch_.deadline()});
}

bool feed::impl::must_verify() const {
  auto policies = config_.policies;
  // Before the first word of the camera only its id and vendor are known; nothing it says about
  // itself may lower what is asked of its certificate.
  if (config_.quirks)
    policies = config_.quirks->apply(policies, {config_.camera.str(), config_.vendor, {}, {}, {}})
                   .policies;
  return policies.tls_verify == rtsp::tls_verify_policy::on;
}

/// RFC 3550 §5.1: the timestamp stands in the bytes 4 to 7.
feed_now feed::impl::arrival_of(byte_view rtp_packet) noexcept {
  if (now_.earliest == 0) now_.earliest = now_.mono;
  if (rtp_packet.size() < 8) return now_;
  const auto at = arrivals_.place(read_be32(rtp_packet.subspan(4)), now_.earliest, now_.mono);
  return {at, now_.utc - (now_.mono - at) / 1000, now_.earliest};
}

/// RFC 3550 §6.4.1: packet type 200, its RTP timestamp in the bytes 16 to 19.
feed_now feed::impl::arrival_of_report(byte_view rtcp_packet) const noexcept {
  if (now_.earliest == 0 || rtcp_packet.size() < 20 || rtcp_packet[1] != 200) return now_;
  const auto at = arrivals_.peek(read_be32(rtcp_packet.subspan(16)), now_.earliest, now_.mono);
  return {at, now_.utc - (now_.mono - at) / 1000};
}

void feed::impl::give_up(error why) {
  set_trouble(std::move(why));
  until_ = never;
}

// -- the public face ---

void feed_io::dial_tls(const std::string&, std::uint16_t, const tls_settings&, bool) {}

feed::feed(feed_config config, std::vector<sink_ptr> sinks, feed_io& io, dial_pacer& pacer,
           random_source& random)
    : impl_{std::make_unique<impl>(std::move(config), std::move(sinks), io, pacer, random)} {}
feed::~feed() = default;

void feed::start(feed_now now) { impl_->start(now); }
void feed::stop(feed_now now) { impl_->stop(now); }
void feed::connected(feed_now now) { impl_->connected(now); }
void feed::connect_failed(errc why, feed_now now) { impl_->connect_failed(why, now); }
void feed::bytes(std::span<const std::uint8_t> data, feed_now now) { impl_->bytes(data, now); }
void feed::datagrams(std::span<const rtsp::datagram> batch, feed_now now) {
  impl_->datagrams(batch, now);
}
void feed::peer_closed(errc why, feed_now now) { impl_->peer_closed(why, now); }
void feed::tick(feed_now now) { impl_->tick(now); }
mono_ns feed::wake_at() const noexcept { return impl_->wake_at(); }
bool feed::finished() const noexcept { return impl_->finished(); }
void feed::add_sink(sink_ptr extra) { impl_->add_sink(std::move(extra)); }
void feed::remove_sink(const sink_ptr& extra) { impl_->remove_sink(extra); }
bool feed::is_steady() const noexcept { return impl_->is_steady(); }
bool feed::is_watched() const noexcept { return impl_->is_watched(); }
std::chrono::nanoseconds feed::frame_interval() const noexcept { return impl_->frame_interval(); }
const feed_config& feed::config() const noexcept { return impl_->config(); }
feed_vitals feed::vitals(feed_now now) const { return impl_->vitals(now); }

}  // namespace vigie::ingest

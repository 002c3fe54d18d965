// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ingest/detail/feed_impl.hpp"
#include "media/nal.hpp"

namespace vigie::ingest {

void feed::impl::on_track(const rtsp::video_track& track) {
  keep_receiver_totals();
  // A lost session that was still owed data has been torn down by now.
  if (config_.stale_sessions) config_.stale_sessions->gone(server_key(), config_.camera.str());
  rtp::receiver_options options;
  options.payload_type = track.payload_type;
  options.clock_hz = track.clock_rate_hz;
  options.first_sequence = next_sequence_;
  options.first_generation = next_generation_;
  options.own_ssrc = static_cast<std::uint32_t>(random_.next()) | 1U;
  options.depacketizer.codec = track.kind;
  options.depacketizer.ways = session_->policies().rtp;
  options.depacketizer.has_donl = track.has_donl;
  options.reorders = session_->uses_udp();
  receiver_.emplace(std::move(options), media::parameters_of(track.kind, track.parameter_sets));
  dropped_units_ = 0;
  arrivals_ = arrival_clock{track.clock_rate_hz};
}

void feed::impl::on_rtp(byte_view packet) {
  video_bytes_ += packet.size();
  if (!receiver_ || step_ != step::open) return;
  units_.clear();
  const auto arrival = arrival_of(packet);
  // It came between the last sweep and this one; where it was placed may be wrong by this much.
  const auto error_ns = std::max(arrival.mono - arrival.earliest, now_.mono - arrival.mono);
  receiver_->push(packet, arrival.mono, arrival.utc, units_,
                  static_cast<std::uint32_t>(error_ns / 1000));
  for (const auto& unit : units_) take(unit);
}

void feed::impl::on_rtcp(byte_view packet) {
  const auto arrival = arrival_of_report(packet);
  if (receiver_) receiver_->on_rtcp(packet, arrival.mono, arrival.utc);
}

void feed::impl::on_authenticated() {
  if (!std::exchange(vitals_.authenticated, true)) has_news_ = true;
}

void feed::impl::on_playing(const rtsp::video_track&) {
  if (step_ != step::open) return;
  ++vitals_.sessions;
  set_phase(feed_phase::playing);
  watch_.arm(now_.mono);
  rates_.restart(now_.mono, vitals_.access_units, vitals_.bytes);
  rtcp_at_ = now_.mono + rtcp_every_ns;
}

void feed::impl::on_closed(const std::optional<error>& reason) {
  closed_ = true;
  close_reason_ = reason;
}

void feed::impl::note_advance() noexcept {
  if (vitals_.phase != feed_phase::advancing) return;
  advanced_ns_ = std::max(advanced_ns_, vitals_.last_unit_mono_ns - advancing_since_);
}

void feed::impl::rest_after(errc why) {
  note_advance();
  rest_until_ = now_.mono + to_ns(backoff_.next(why, std::chrono::nanoseconds{advanced_ns_}));
  advanced_ns_ = 0;
  if (std::exchange(has_delivered_, false)) sinks_.end_session();
  set_phase(feed_phase::idle);
}

void feed::impl::leave() {
  rest_after(vitals_.trouble ? vitals_.trouble->code : errc::io_closed);
  step_ = step::leaving;
  until_ = now_.mono + leave_budget_ns;
  session_->begin_teardown(now_.mono);
}

void feed::impl::left() {
  drop_session();
  step_ = stopping_ ? step::finished : step::resting;
  until_ = rest_until_;
}

void feed::impl::end_session(error why) {
  rest_after(why.code);
  set_trouble(std::move(why));
  left();
}

void feed::impl::drop_session() {
  if (session_) {
    memory_ = session_->memory();
    if (config_.stale_sessions && memory_.stale)
      config_.stale_sessions->lost(server_key(), config_.camera.str(), memory_.stale->expires_at);
    else if (config_.stale_sessions)
      config_.stale_sessions->gone(server_key(), config_.camera.str());
    add(ended_quirks_, session_->counters());
  }
  session_.reset();
  keep_receiver_totals();
  closed_ = false;
  redirected_ = false;
}

std::string feed::impl::server_key() const {
  const rtsp::url& to = session_ ? session_->target() : *target_;
  return fmt::format("{}:{}", to.host, to.port);
}

void feed::impl::keep_receiver_totals() {
  if (!receiver_) return;
  const auto counters = receiver_->counters();
  add(ended_quirks_, counters);
  vitals_.lost_packets += counters.lost_packets;
  vitals_.anomalies += counters.anomalies();
  next_sequence_ = receiver_->next_sequence();
  next_generation_ = receiver_->next_generation();
  receiver_.reset();
}

}  // namespace vigie::ingest

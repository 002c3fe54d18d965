// SPDX-License-Identifier: Apache-2.0
#include "rtsp/client_session.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>
#include <vector>

#include "rtsp/session_impl.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::size_t shortest_rtp = 12;
constexpr std::size_t shortest_rtcp = 8;
/// A connection lost this soon after a keep-alive is blamed on it (camera-quirk 42).
constexpr mono_ns keepalive_blame_ns = to_ns(std::chrono::seconds{2});

/// RTCP packet types as RFC 5761 §4 tells them from RTP.
constexpr bool is_rtcp_type(std::uint8_t second_byte) noexcept {
  return second_byte >= 192 && second_byte <= 223;
}

}  // namespace

client_session::impl::impl(session_options chosen, session_events& events, random_source& random)
    : options{std::move(chosen)},
      target{options.target},
      memory{options.memory},
      configured_{options.policies},
      events_{&events},
      random_{&random},
      auth_{options.username, std::exchange(options.password, secret{}), random},
      parser_{options.policies.resync},
      keepalive_{options.policies.keepalive, options.memory.keepalive_demotions} {
  refresh_policies();
}

// -- inputs -------------------------------------------------------------------------------------

void client_session::impl::on_connected(mono_ns now) {
  if (state != session_state::idle) return;
  now_ = now;
  state = session_state::negotiating;
  earlier_resyncs_ = counters.resyncs;
  earlier_skipped_bytes_ = counters.skipped_bytes;
  parser_ = parser{options.policies.resync};
  auth_.drop_challenge();
  handshake_deadline_ = now + to_ns(options.handshake_timeout);
  ask(purpose::options, "OPTIONS", target, now);
}

void client_session::impl::on_bytes(byte_view bytes, mono_ns now) {
  if (state == session_state::idle || state == session_state::closed) return;
  now_ = now;
  parser_.feed(bytes);
  while (true) {
    const auto item = parser_.next();
    counters.resyncs = earlier_resyncs_ + parser_.resyncs();
    counters.skipped_bytes = earlier_skipped_bytes_ + parser_.skipped_bytes();
    if (!item) return state == session_state::tearing_down ? finish() : close(item.error());
    switch (*item) {
      case parser::item::none:
        return;
      case parser::item::frame:
        on_frame(parser_.frame());
        break;
      case parser::item::response:
        on_response(parser_.response(), now);
        parser_.response() = {};  // a description must not occupy memory for the whole session
        break;
      case parser::item::request:
        answer(parser_.request(), now);
        break;
    }
    if (state == session_state::idle || state == session_state::closed) return;
  }
}

void client_session::impl::on_tick(mono_ns now) {
  now_ = now;
  const auto is_due = [now](const std::optional<mono_ns>& at) { return at && now >= *at; };
  if (is_due(teardown_deadline_)) {
    note_stale();
    return finish();
  }
  if (is_due(response_deadline_))
    return close({errc::rtsp_timeout,
                  timeout_detail(pending_.empty() ? "the last request" : pending_.back().method)});
  if (is_due(handshake_deadline_))
    return close({errc::rtsp_timeout, timeout_detail("the opening dialogue")});
  if (is_due(udp_deadline_)) {
    memory.uses_other_transport = !memory.uses_other_transport;
    ++counters.udp_silences;
    return close({errc::rtsp_transport, "not one packet by UDP within 3 s"});
  }
  if (is_due(keepalive_at_)) send_keepalive(now);
}

void client_session::impl::on_disconnected(mono_ns now) {
  if (state == session_state::idle) return;
  now_ = now;
  note_stale();
  const bool is_blamed = state == session_state::playing && last_keepalive_ != 0 &&
                         now - last_keepalive_ <= keepalive_blame_ns &&
                         std::any_of(pending_.begin(), pending_.end(), [&](const auto& one) {
                           return one.sent_at == last_keepalive_;
                         });
  if (is_blamed && keepalive_.demote()) {
    ++counters.keepalive_demotions;
    memory.keepalive_demotions = keepalive_.demotions();
  }
  state = session_state::closed;
}

void client_session::impl::begin_teardown(mono_ns now) {
  if (state == session_state::closed || state == session_state::tearing_down) return;
  const bool is_set_up = is_set_up_ && state != session_state::idle;
  now_ = now;
  if (is_set_up && options.policies.teardown == teardown_policy::never) note_stale();
  if (!is_set_up || options.policies.teardown == teardown_policy::never) return finish();
  state = session_state::tearing_down;
  response_deadline_.reset();
  handshake_deadline_.reset();
  keepalive_at_.reset();
  udp_deadline_.reset();
  teardown_deadline_ = now + to_ns(options.teardown_budget);
  send_teardown(now);
}

void client_session::impl::send_rtcp(byte_view compound) {
  const bool is_open = state == session_state::negotiating || state == session_state::playing;
  if (!is_open || compound.size() > 0xffff) return;
  if (uses_udp) {
    events_->on_send_datagram(datagram_channel::rtcp, compound);
    return punch();
  }
  if (!channels_) return;
  std::vector<std::uint8_t> framed{'$', channels_->rtcp_channel,
                                   static_cast<std::uint8_t>(compound.size() >> 8),
                                   static_cast<std::uint8_t>(compound.size() & 0xff)};
  framed.insert(framed.end(), compound.begin(), compound.end());
  events_->on_send(framed);
}

std::optional<mono_ns> client_session::impl::next_deadline() const noexcept {
  if (state == session_state::closed || state == session_state::idle) return std::nullopt;
  std::optional<mono_ns> first;
  for (const auto& one :
       {response_deadline_, handshake_deadline_, keepalive_at_, teardown_deadline_, udp_deadline_})
    if (one && (!first || *one < *first)) first = one;
  return first;
}

std::string client_session::impl::timeout_detail(std::string_view what) const {
  auto detail = std::string{what} + " was not answered in time";
  if (counters.skipped_bytes > 0)
    detail += "; " + std::to_string(counters.skipped_bytes) + " bytes received were not RTSP";
  return detail;
}

// -- media --------------------------------------------------------------------------------------

void client_session::impl::on_frame(const interleaved_frame& frame) {
  if (state == session_state::tearing_down) return;
  const bool is_rtp = channels_ && frame.channel == channels_->rtp_channel;
  const bool is_rtcp = channels_ && frame.channel == channels_->rtcp_channel;
  if (!is_rtp && !is_rtcp) {
    ++counters.unassigned_channels;
    if (options.policies.unassigned_channel == unassigned_channel_policy::close &&
        state == session_state::playing)
      close({errc::rtsp_framing, "frames on a channel that was never set up"});
    return;
  }
  deliver(is_rtp, frame.payload);
}

void client_session::impl::on_datagram(const datagram& one) {
  const bool is_open = state == session_state::negotiating || state == session_state::playing;
  if (!uses_udp || !is_open) return;
  if (!is_trusted(one)) {
    ++counters.foreign_datagrams;
    return;
  }
  if (one.channel == datagram_channel::rtp) udp_deadline_.reset();
  deliver(one.channel == datagram_channel::rtp, one.bytes);
}

/// Whether a datagram may be the camera's. A camera that named no port is held to the first one it
/// used.
bool client_session::impl::is_trusted(const datagram& one) {
  if (options.policies.udp_source == udp_source_policy::any) return true;
  if (!one.is_from_peer) return false;
  if (options.policies.udp_source == udp_source_policy::same_host) return true;
  auto& expected = one.channel == datagram_channel::rtp ? remote_ports_.rtp : remote_ports_.rtcp;
  if (expected == 0) expected = one.source_port;
  return one.source_port == expected;
}

/// Opens the way back through a firewall on both ports (camera-quirk 99): an RTP header without
/// payload and, unless a report was just sent, an empty receiver report.
void client_session::impl::punch() {
  if (remote_ports_.rtp == 0) return;
  std::array<std::uint8_t, 12> rtp{0x80, track_.payload_type};
  events_->on_send_datagram(datagram_channel::rtp, rtp);
}

void client_session::impl::deliver(bool is_rtp, byte_view packet) {
  if (packet.size() < shortest_rtcp) {
    ++counters.short_frames;
    return;
  }
  if (state == session_state::negotiating) ++counters.frames_before_play;
  // The channel decides; only a packet that cannot be what the channel says is taken for the other
  // kind (camera-quirk 10).
  const auto type = packet[1];
  if (is_rtp && is_rtcp_type(type) && (type & 0x7f) != track_.payload_type) {
    ++counters.swapped_channels;
    return events_->on_rtcp(packet);
  }
  if (!is_rtp && !is_rtcp_type(type) && (type & 0x7f) == track_.payload_type) {
    ++counters.swapped_channels;
    return deliver_rtp(packet);
  }
  return is_rtp ? deliver_rtp(packet) : events_->on_rtcp(packet);
}

void client_session::impl::deliver_rtp(byte_view packet) {
  if (packet.size() < shortest_rtp) {
    ++counters.short_frames;
    return;
  }
  if (announced_sequence_ && state == session_state::playing) {
    const auto sequence = static_cast<std::uint16_t>(packet[2] << 8 | packet[3]);
    if (sequence != *announced_sequence_) ++counters.rtp_info_lies;
    announced_sequence_.reset();
  }
  events_->on_rtp(packet);
}

// -- the public face ----------------------------------------------------------------------------

client_session::client_session(session_options options, session_events& events,
                               random_source& random)
    : impl_{std::make_unique<impl>(std::move(options), events, random)} {}
client_session::~client_session() = default;

void client_session::on_connected(mono_ns now) { impl_->on_connected(now); }
void client_session::on_bytes(byte_view bytes, mono_ns now) { impl_->on_bytes(bytes, now); }
void client_session::on_datagram(const datagram& one) { impl_->on_datagram(one); }
void client_session::on_tick(mono_ns now) { impl_->on_tick(now); }
void client_session::on_disconnected(mono_ns now) { impl_->on_disconnected(now); }
void client_session::begin_teardown(mono_ns now) { impl_->begin_teardown(now); }
void client_session::send_rtcp(byte_view compound) { impl_->send_rtcp(compound); }
std::optional<mono_ns> client_session::next_deadline() const noexcept {
  return impl_->next_deadline();
}
session_state client_session::state() const noexcept { return impl_->state; }
const url& client_session::target() const noexcept { return impl_->target; }
const session_memory& client_session::memory() const noexcept { return impl_->memory; }
const quirk_counters& client_session::counters() const noexcept { return impl_->counters; }
const quirk_policies& client_session::policies() const noexcept { return impl_->options.policies; }
const std::vector<std::string_view>& client_session::overridden() const noexcept {
  return impl_->overridden;
}
bool client_session::uses_udp() const noexcept { return impl_->uses_udp; }
std::size_t client_session::buffered_bytes() const noexcept { return impl_->buffered_bytes(); }
const std::string& client_session::server_name() const noexcept { return impl_->server_name; }
const std::string& client_session::tool() const noexcept { return impl_->tool; }

}  // namespace vigie::rtsp

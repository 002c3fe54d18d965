// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "rtsp/session_impl.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::uint64_t most_redirects = 3;
constexpr std::size_t longest_server_name = 128;
/// Without a packet by UDP this long after PLAY, TCP is used (camera-quirk 100).
constexpr mono_ns udp_patience_ns = 3'000'000'000;

constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }
constexpr bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

error failure_of(std::string_view method, const response& reply, errc code = errc::rtsp_status) {
  return {code, std::string{method} + " answered " + std::to_string(reply.status) + " " +
                    printable(reply.reason, 60)};
}

}  // namespace

void client_session::impl::on_response(response& reply, mono_ns now) {
  if (reply.status < 200) return;
  const auto cseq_text = reply.headers.find("CSeq");
  auto found = pending_.begin();
  if (!cseq_text) {
    ++counters.missing_cseqs;
  } else {
    const auto cseq = parse_number(*cseq_text);
    found = std::find_if(pending_.begin(), pending_.end(),
                         [&](const auto& one) { return one.cseq == cseq; });
  }
  if (found == pending_.end()) {
    ++counters.foreign_cseqs;
    return;
  }
  auto what = std::move(*found);
  pending_.erase(found);
  take_names(reply.headers);
  if (what.why == purpose::teardown) {
    channels_.reset();  // whatever it answered, it knows nothing of the session any more
    return finish();
  }
  if (state == session_state::tearing_down) return;
  if (state == session_state::negotiating) response_deadline_.reset();
  if (reply.status == 401 && what.why != purpose::options)
    return on_unauthorized(std::move(what), reply, now);
  if (is_success(reply.status)) take_session_header(reply);
  switch (what.why) {
    case purpose::options:
      return on_options(reply, now);
    case purpose::describe:
      return on_describe(reply, now);
    case purpose::setup:
      return on_setup(reply, now);
    case purpose::play:
      return on_play(reply, now);
    case purpose::keepalive:
      return on_keepalive(reply);
    case purpose::teardown:
      return;
    case purpose::teardown_stale:
      ++counters.stale_teardowns;
      memory.stale.reset();
      return describe(now);
  }
}

void client_session::impl::on_options(const response& reply, mono_ns now) {
  if (is_success(reply.status)) {
    if (const auto methods = reply.headers.find("Public"))
      keepalive_.set_advertised(parse_public(*methods));
  } else {
    ++counters.options_refused;
    // A challenge saves DESCRIBE a round trip, and a locked account one failed attempt.
    if (reply.status == 401 && auth_.has_credentials()) {
      auto chosen = choose_challenge(parse_challenges(reply.headers.find_all("WWW-Authenticate")),
                                     options.policies.auth, target.is_secure);
      if (chosen) auth_.adopt(*std::move(chosen));
    }
  }
  if (memory.stale && memory.stale->expires_at <= now) memory.stale.reset();
  if (!memory.stale) return describe(now);
  outgoing last;
  last.why = purpose::teardown_stale;
  last.method = "TEARDOWN";
  last.uri = memory.stale->uri;
  send(std::move(last), now);
}

void client_session::impl::describe(mono_ns now) {
  ask(purpose::describe, "DESCRIBE", target, now);
}

void client_session::impl::on_describe(const response& reply, mono_ns now) {
  if (is_redirect(reply.status)) return on_redirect(reply);
  if (reply.status == 404) return close(failure_of("DESCRIBE", reply, errc::rtsp_not_found));
  if (!is_success(reply.status)) return close(failure_of("DESCRIBE", reply));
  if (!std::exchange(is_authenticated_, true)) events_->on_authenticated();
  auto description = parse_sdp(reply.body, counters);
  if (!description) return close(description.error());
  tool = description->tool;
  refresh_policies();
  track_ = std::move(description->video);
  if (track_.has_donl && options.policies.rtp.donl == rtp::donl_policy::refuse)
    return close(
        {errc::sdp_codec,
         "H.265 with decoding order numbers (sprop-max-don-diff); the policy donl refuses"});
  base_ = resolve_base(reply.headers.find("Content-Base").value_or(""),
                       reply.headers.find("Content-Location").value_or(""), target,
                       options.policies, counters);
  aggregate_ = join_control(base_, description->control, options.policies, counters);
  choose_transport();
  set_up(now);
}

void client_session::impl::choose_transport() {
  uses_udp = (options.policies.transport == transport_policy::udp) != memory.uses_other_transport;
  if (uses_udp && !local_ports_) local_ports_ = events_->on_open_datagrams();
  if (uses_udp && !local_ports_) uses_udp = false;
}

void client_session::impl::set_up(mono_ns now) {
  ask(purpose::setup, "SETUP", join_control(base_, track_.control, options.policies, counters),
      now);
}

/// The camera cannot or will not do the transport we asked for: the other one is tried, once.
void client_session::impl::on_other_transport(error why, mono_ns now) {
  const bool did_udp = uses_udp;
  memory.uses_other_transport = !memory.uses_other_transport;
  if (!std::exchange(has_other_transport_, true)) choose_transport();
  if (uses_udp == did_udp) {
    memory.uses_other_transport = false;  // neither works: the next session starts anew
    return close(std::move(why));
  }
  ++counters.transport_fallbacks;
  set_up(now);
}

void client_session::impl::take_names(const header_list& headers) {
  const auto take = [&](std::string_view name, std::string& into) {
    const auto value = headers.find(name);
    if (!value) return false;
    auto fresh = printable(value->substr(0, longest_server_name), longest_server_name);
    if (fresh == into) return false;
    into = std::move(fresh);
    return true;
  };
  const bool is_new_server = take("Server", server_name);
  if (take("User-Agent", user_agent) || is_new_server) refresh_policies();
}

void client_session::impl::refresh_policies() {
  if (!options.quirks || options.quirks->empty()) return;
  auto chosen = options.quirks->apply(
      configured_, {options.camera, options.vendor, server_name, user_agent, tool});
  options.policies = chosen.policies;
  overridden = std::move(chosen.overridden);
  keepalive_.set_policy(options.policies.keepalive);
  parser_.set_resync(options.policies.resync);
}

void client_session::impl::on_setup(const response& reply, mono_ns now) {
  if (is_redirect(reply.status)) return on_redirect(reply);
  if (reply.status == 461)
    return on_other_transport(failure_of("SETUP", reply, errc::rtsp_transport), now);
  if (!is_success(reply.status)) return close(failure_of("SETUP", reply));
  const auto text = reply.headers.find("Transport");
  // Whatever was asked for, `interleaved=` in the answer means TCP (camera-quirks 6 and 7).
  const auto transport = text ? parse_transport(*text, counters) : std::nullopt;
  is_set_up_ = true;
  if (transport) {
    if (transport->rtp_channel != 0) ++counters.other_channels;
    if (std::exchange(uses_udp, false)) ++counters.transport_fallbacks;
    channels_ = transport;
    parser_.assign({.rtp_channel = transport->rtp_channel,
                    .rtcp_channel = transport->rtcp_channel,
                    .payload_type = track_.payload_type});
  } else if (uses_udp) {
    remote_ports_ = parse_server_ports(text.value_or(""));
    if (remote_ports_.rtp == 0) ++counters.missing_server_ports;
    events_->on_aim(remote_ports_);
    const std::array<std::uint8_t, 8> empty_report{0x80, 201, 0, 1, 0, 0, 0, 1};
    if (remote_ports_.rtcp != 0) events_->on_send_datagram(datagram_channel::rtcp, empty_report);
    punch();
  } else {
    // What it set up is not what we asked for: only a new session can ask for the other.
    memory.uses_other_transport = !memory.uses_other_transport;
    ++counters.transport_fallbacks;
    return close({errc::rtsp_transport, "SETUP answered without usable interleaved channels: " +
                                            printable(text.value_or("no Transport"))});
  }
  events_->on_track(track_);
  ask(purpose::play, "PLAY", aggregate_, now);
}

void client_session::impl::on_play(const response& reply, mono_ns now) {
  if (!is_success(reply.status)) return close(failure_of("PLAY", reply));
  if (const auto info = reply.headers.find("RTP-Info")) {
    const auto streams = parse_rtp_info(*info);
    if (!streams.empty() && counters.frames_before_play == 0)
      announced_sequence_ = streams.front().first_sequence;
  }
  state = session_state::playing;
  response_deadline_.reset();
  handshake_deadline_.reset();
  keepalive_at_ = now + keepalive_interval(session_timeout_, *random_).count();
  if (uses_udp) udp_deadline_ = now + udp_patience_ns;
  events_->on_playing(track_);
}

void client_session::impl::on_keepalive(const response& reply) {
  if (reply.status < 400) return;
  if (!keepalive_.demote()) return;
  ++counters.keepalive_demotions;
  memory.keepalive_demotions = keepalive_.demotions();
}

void client_session::impl::on_unauthorized(outgoing what, const response& reply, mono_ns now) {
  const bool is_fatal = what.why != purpose::keepalive;  // camera-quirk 43
  if (!auth_.has_credentials()) {
    if (is_fatal)
      close(
          {errc::auth_rejected, "the camera asks for a name and a password, we have none for it"});
    return;
  }
  auto chosen = choose_challenge(parse_challenges(reply.headers.find_all("WWW-Authenticate")),
                                 options.policies.auth, target.is_secure);
  if (!chosen && !what.was_authorized) {
    if (is_fatal) close(chosen.error());
    return;
  }
  const bool is_stale = what.was_authorized && chosen && !what.is_stale_retried &&
                        chosen->scheme != auth_scheme::basic &&
                        (chosen->is_stale || (!what.is_nonce_fresh && chosen->nonce != what.nonce));
  if (what.was_authorized && !is_stale) {
    if (is_fatal)
      close({errc::auth_rejected, what.method + ": the camera refuses our name or password"});
    return;
  }
  if (is_stale) {
    ++counters.stale_nonces;
    what.is_stale_retried = true;
  }
  auth_.adopt(*std::move(chosen));
  what.is_nonce_fresh = true;
  send(std::move(what), now);
}

void client_session::impl::on_redirect(const response& reply) {
  const auto refuse = [this](std::string_view why) {
    close({errc::rtsp_redirect_limit, "redirect refused: " + std::string{why}});
  };
  const auto location = parse_url(reply.headers.find("Location").value_or(""));
  if (options.policies.redirects == redirect_policy::refuse) return refuse("policy");
  if (!location) return refuse("no valid Location");
  if (++redirects_ > most_redirects) return refuse("more than 3 in a row");
  if (target.is_secure && !location->is_secure) return refuse("from rtsps to rtsp");
  if (location->host != options.target.host) {
    if (options.policies.redirects == redirect_policy::same_host)
      return refuse("to another host, " + printable(location->host));
    auth_.forget();
  }
  ++counters.redirects;
  target = *location;
  state = session_state::idle;
  pending_.clear();
  session_id_.clear();
  response_deadline_.reset();
  handshake_deadline_.reset();
  events_->on_redirect(target);
}

void client_session::impl::take_session_header(const response& reply) {
  const auto text = reply.headers.find("Session");
  if (!text) return;
  auto parsed = parse_session(*text, counters);
  if (!parsed) return;
  session_timeout_ = parsed->timeout;
  if (session_id_.empty()) {
    session_id_ = std::move(parsed->id);
  } else if (session_id_ != parsed->id) {
    ++counters.session_id_changes;
    if (options.policies.session_id == session_id_policy::take_last)
      session_id_ = std::move(parsed->id);
  }
}

}  // namespace vigie::rtsp

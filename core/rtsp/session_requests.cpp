// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rtsp/session_impl.hpp"

namespace vigie::rtsp {
namespace {

/// Keep-alives may stay unanswered for ever (camera-quirk 43); remember only the latest requests.
constexpr std::size_t most_pending = 8;
/// Replies we owe a camera that floods us with requests.
constexpr std::uint32_t answers_per_second = 16;

byte_view as_bytes(const std::string& text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void client_session::impl::ask(purpose why, std::string_view method, const url& uri, mono_ns now) {
  outgoing what;
  what.why = why;
  what.method = method;
  what.uri = uri.to_text();
  send(std::move(what), now);
}

void client_session::impl::send(outgoing what, mono_ns now) {
  what.cseq = next_cseq_++;
  what.sent_at = now;
  request message;
  message.method = what.method;
  message.uri = what.uri;
  auto& headers = message.headers;
  headers.add("CSeq", std::to_string(what.cseq));
  if (!options.user_agent.empty()) headers.add("User-Agent", options.user_agent);
  if (what.why == purpose::teardown_stale)
    headers.add("Session", memory.stale->id);
  else if (!session_id_.empty())
    headers.add("Session", session_id_);
  what.was_authorized = auth_.has_challenge();
  if (what.was_authorized) {
    what.nonce = auth_.nonce();
    headers.add("Authorization", auth_.authorize(what.method, what.uri));
  }
  switch (what.why) {
    case purpose::describe:
      headers.add("Accept", "application/sdp");
      break;
    case purpose::setup:
      headers.add("Transport", uses_udp ? fmt::format("RTP/AVP;unicast;client_port={}-{}",
                                                      local_ports_->rtp, local_ports_->rtcp)
                                        : "RTP/AVP/TCP;unicast;interleaved=0-1");
      break;
    case purpose::play:
      if (options.policies.range_header == range_header_policy::npt0)
        headers.add("Range", "npt=0.000-");
      break;
    case purpose::options:
    case purpose::keepalive:
    case purpose::teardown:
    case purpose::teardown_stale:
      break;
  }
  if (state == session_state::negotiating)
    response_deadline_ = now + to_ns(options.response_timeout);
  if (pending_.size() == most_pending) pending_.pop_front();
  pending_.push_back(std::move(what));
  const auto text = to_text(message);
  events_->on_send(as_bytes(text));
}

void client_session::impl::send_keepalive(mono_ns now) {
  keepalive_at_ = now + keepalive_interval(session_timeout_, *random_).count();
  const auto method = keepalive_.method();
  if (method.empty()) {
    keepalive_at_.reset();
    return;
  }
  last_keepalive_ = now;
  ask(purpose::keepalive, method, base_, now);
}

void client_session::impl::send_teardown(mono_ns now) {
  ask(purpose::teardown, "TEARDOWN", aggregate_, now);
}

void client_session::impl::answer(request& from_server, mono_ns now) {
  ++counters.server_requests;
  take_names(from_server.headers);
  if (now - answers_since_ >= to_ns(std::chrono::seconds{1})) {
    answers_since_ = now;
    answers_ = 0;
  }
  if (++answers_ > answers_per_second) return;
  const bool is_options = iequals(from_server.method, "OPTIONS");
  response reply;
  reply.status = is_options ? 200 : 501;
  reply.reason = is_options ? "OK" : "Not Implemented";
  if (const auto cseq = from_server.headers.find("CSeq")) reply.headers.add("CSeq", *cseq);
  if (!options.user_agent.empty()) reply.headers.add("User-Agent", options.user_agent);
  if (is_options) reply.headers.add("Public", "OPTIONS");
  const auto text = to_text(reply);
  events_->on_send(as_bytes(text));
}

void client_session::impl::close(error reason) {
  if (state == session_state::closed) return;
  // Whatever went wrong, what was set up is taken down: some servers keep sending into the next
  // connection otherwise (camera-quirk 38).
  if (is_set_up_ && state != session_state::tearing_down && state != session_state::idle &&
      options.policies.teardown == teardown_policy::always_once) {
    state = session_state::tearing_down;
    send_teardown(now_);
  }
  note_stale();
  state = session_state::closed;
  pending_.clear();
  events_->on_closed(std::move(reason));
}

void client_session::impl::note_stale() {
  if (!channels_ || session_id_.empty() || state == session_state::closed) return;
  const auto policy = options.policies.stale_session_guard;
  if (policy == stale_session_policy::off) return;
  if (policy == stale_session_policy::automatic && !sends_into_strangers(tool, server_name)) return;
  memory.stale = stale_session{session_id_, aggregate_.to_text(),
                               now_ + to_ns(std::max<std::chrono::seconds>(
                                          session_timeout_, stale_sessions::unknown_timeout))};
}

void client_session::impl::finish() {
  state = session_state::closed;
  pending_.clear();
  events_->on_closed(std::nullopt);
}

}  // namespace vigie::rtsp

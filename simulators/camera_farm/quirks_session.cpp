// SPDX-License-Identifier: Apache-2.0
// Groups D and E of the quirk catalogue: authentication, sessions, keep-alive, teardown.
#include <fmt/format.h>

#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

constexpr mono_ns second_ns = 1'000'000'000;

std::string session_of(const reply_scene& s, std::string_view parameters) {
  return s.dialogue.self().session_id + std::string{parameters};
}

bool is_keepalive(const reply_scene& s) {
  return s.dialogue.is_set_up() &&
         (s.is("OPTIONS") || s.is("GET_PARAMETER") || s.is("SET_PARAMETER"));
}

bool renew_nonce(const reply_scene& s, rtsp_reply&) {
  quirk_memory& m = s.memory;
  if (m.since == 0) m.since = m.now;
  if (m.now - m.since > 10 * second_ns) {
    m.since = m.now;
    s.dialogue.change_nonce(fmt::format("{:016x}{:016x}", m.now, ++m.times));
  }
  return false;
}

void say_stale(const reply_scene& s, rtsp_reply& r) {
  if (std::string* challenge = r.find("WWW-Authenticate");
      challenge != nullptr && s.memory.times > 0)
    *challenge += ", stale=true";
}

void three_challenges(const reply_scene&, rtsp_reply& r) {
  const std::string* own = r.find("WWW-Authenticate");
  if (own == nullptr) return;
  std::string md5 = *own, sha256 = *own;
  if (const auto at = md5.find("SHA-256"); at != std::string::npos) md5.replace(at, 7, "MD5");
  r.drop("WWW-Authenticate");
  r.headers.emplace_back("WWW-Authenticate", "Basic realm=\"vigie-sim\"");
  r.headers.emplace_back("WWW-Authenticate", std::move(md5));
  r.headers.emplace_back("WWW-Authenticate", std::move(sha256));
}

bool locked(const reply_scene& s, rtsp_reply& r) {
  if (s.is("OPTIONS") || s.memory.camera->refused_passwords < 3) return false;
  r.status = "403 Forbidden";
  return true;
}

void count_refusals(const reply_scene& s, rtsp_reply& r) {
  if (r.status.starts_with("401") && !s.request.header("authorization").empty())
    ++s.memory.camera->refused_passwords;
}

bool only_options_keeps_alive(const reply_scene& s, rtsp_reply& r) {
  if (!s.is("GET_PARAMETER")) {
    s.memory.since = s.memory.now;
    return false;
  }
  r.status = "454 Session Not Found";
  return true;
}

/// A packet of a session that ended without goodbye, on channel 0.
bytes stale_packet(quirk_memory& m) {
  bytes packet{0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0x9a, 0x00, 0x10};
  const std::uint32_t ssrc = m.camera->stale_ssrc;
  packet[2] = static_cast<std::uint8_t>(m.times >> 8);
  packet[3] = static_cast<std::uint8_t>(m.times++);
  for (std::size_t i = 0; i < 4; ++i)
    packet[8 + i] = static_cast<std::uint8_t>(ssrc >> (24 - 8 * i));
  bytes framed;
  append_frame(0, packet, framed);
  return framed;
}

bool is_haunted(const quirk_memory& m) {
  return m.camera->stale_ssrc != 0 && m.now < m.camera->stale_until;
}

void haunt_reply(const reply_scene& s, rtsp_reply& r) {
  if (!is_haunted(s.memory)) return;
  const bytes packet = stale_packet(s.memory);
  r.before.append(packet.begin(), packet.end());
}

void haunt_stream(bytes& framed, quirk_memory& m) {
  if (!is_haunted(m)) return;
  const bytes packet = stale_packet(m);
  framed.insert(framed.begin(), packet.begin(), packet.end());
}

constexpr std::array quirks{
    quirk{.name = "auth",
          .row = 31,
          .world = "offers Basic, MD5 and SHA-256 in that order, and takes SHA-256 only",
          .reply = three_challenges,
          .is_of_handshake = true,
          .demands_sha256 = true},
    quirk{.name = "stale_nonce",
          .row = 32,
          .world = "a new nonce every 10 s, told with stale=true",
          .instead = renew_nonce,
          .reply = say_stale,
          .is_of_handshake = true},
    quirk{.name = "digest_uri",
          .row = 33,
          .world = "401 when the digest's uri is not the request line's",
          .is_of_handshake = true,
          .demands_own_uri = true},
    quirk{.name = "challenge_parameters",
          .row = 34,
          .world = "qop before nonce before realm, odd blanks, no algorithm",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (r.find("WWW-Authenticate") != nullptr)
                  r.set("WWW-Authenticate",
                        fmt::format("Digest  qop=\"auth\" ,nonce=\"{}\",  realm=\"vigie-sim\"",
                                    s.dialogue.self().nonce));
              },
          .is_of_handshake = true},
    quirk{.name = "rejected_backoff",
          .row = 35,
          .world = "the account is locked after three refused passwords",
          .instead = locked,
          .reply = count_refusals,
          .is_of_handshake = true},
    quirk{.name = "stale_session_guard",
          .row = 37,
          .world = "LIVE555 of 2013: packets of a lost session surface in the next connections",
          .reply = haunt_reply,
          .sdp =
              [](std::string& sdp) {
                constexpr std::string_view tool = "a=tool:vigie-sim";
                if (const auto at = sdp.find(tool); at != std::string::npos)
                  sdp.replace(at, tool.size(), "a=tool:LIVE555 Streaming Media v2013.02.11");
              },
          .wire = haunt_stream,
          .is_of_handshake = true,
          .keeps_stale = true},
    quirk{.name = "teardown",
          .row = 38,
          .world = "the same without saying what server it is",
          .reply = haunt_reply,
          .wire = haunt_stream,
          .keeps_stale = true},
    quirk{.name = "teardown_refused",
          .row = 39,
          .world = "500 to TEARDOWN (Hikvision ties sessions to connections)",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                if (!s.is("TEARDOWN")) return false;
                r.status = "500 Internal Server Error";
                return true;
              }},
    quirk{.name = "session_timeout",
          .row = 40,
          .world = "timeout=0, and means 60 s",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (r.find("Session") != nullptr)
                  r.set("Session", session_of(s, " ;timeout=0; x=1"));
              },
          .is_of_handshake = true},
    quirk{.name = "session_id",
          .row = 41,
          .world = "another Session id in the answer to PLAY, but only the first counts",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (s.is("PLAY") && r.is_ok()) r.set("Session", "F00D" + session_of(s, ""));
              },
          .is_of_handshake = true},
    quirk{.name = "keepalive",
          .row = 42,
          .world = "advertises GET_PARAMETER and answers 454 to it; 60 s without another ends it",
          .instead = only_options_keeps_alive,
          .gives_up =
              [](const client_facts&, quirk_memory& m) {
                return m.since != 0 && m.now - m.since > 60 * second_ns;
              }},
    quirk{.name = "keepalive_silent",
          .row = 43,
          .world = "nothing is answered after PLAY",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (is_keepalive(s)) r.is_silent = true;
              }},
    quirk{.name = "keepalive_interval",
          .row = 44,
          .world = "timeout=4, and it means 4 s",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                if (r.find("Session") != nullptr) r.set("Session", session_of(s, ";timeout=4"));
              },
          .gives_up = [](const client_facts& c,
                         quirk_memory&) { return c.since_request > 4 * second_ns; },
          .is_of_handshake = true},
    quirk{.name = "receiver_reports",
          .row = 45,
          .world = "the session ends when 12 s pass without a receiver report",
          .gives_up =
              [](const client_facts& c, quirk_memory& m) {
                if (c.packets != m.seen || m.since == 0) {
                  m.seen = c.packets;
                  m.since = m.now;
                }
                return m.now - m.since > 12 * second_ns;
              }},
    quirk{.name = "stall",
          .row = 47,
          .world = "falls silent while it goes on answering",
          .is_mute = true},
};

}  // namespace

std::span<const quirk> session_quirks() { return quirks; }

}  // namespace vigie::simulators

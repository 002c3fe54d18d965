// SPDX-License-Identifier: Apache-2.0
#include "rtsp/keepalive.hpp"

#include <array>

#include "fuzz/target.hpp"
#include "rtsp/client_session.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Reads what the session asks; media and its end are all it minds.
class listener : public rtsp::session_events {
 public:
  std::vector<std::string> asked;  ///< methods, in order
  std::string last_cseq;
  bool is_playing = false;
  bool is_closed = false;

 private:
  void on_send(byte_view bytes) override {
    require(!is_closed, "nothing is sent after the end");
    const auto text = text_of(bytes);
    if (text.starts_with("RTSP/")) return;  // an answer to what the camera asks
    asked.emplace_back(text.substr(0, text.find(' ')));
    const auto at = text.find("CSeq: ");
    require(at != text.npos, "every message is numbered");
    last_cseq = text.substr(at + 6, text.find('\r', at) - at - 6);
  }
  void on_track(const rtsp::video_track&) override {}
  void on_rtp(byte_view) override {}
  void on_rtcp(byte_view) override {}
  void on_authenticated() override {}
  void on_playing(const rtsp::video_track&) override { is_playing = true; }
  void on_redirect(const rtsp::url&) override {}
  void on_closed(const std::optional<error>&) override { is_closed = true; }
};

bool is_keepalive(std::string_view method) {
  return method == "OPTIONS" || method == "GET_PARAMETER" || method == "SET_PARAMETER";
}

/// The ladder alone: it ends, whatever was advertised and remembered, and never names a method that
/// was not offered.
void climb_down(rtsp::keepalive_policy policy, std::uint8_t demotions,
                rtsp::public_methods advertised) {
  rtsp::keepalive_ladder ladder{policy, demotions};
  ladder.set_advertised(advertised);
  for (int rung = 0;; ++rung) {
    require(rung < 4, "the ladder ends");
    const auto method = ladder.method();
    require(method.empty() == (policy == rtsp::keepalive_policy::off), "a method, unless off");
    if (policy == rtsp::keepalive_policy::automatic) {
      require(is_keepalive(method), "a method that keeps alive");
      require(method != "GET_PARAMETER" || advertised.get_parameter, "as advertised");
      require(method != "SET_PARAMETER" || advertised.set_parameter, "as advertised");
    }
    if (!ladder.demote()) break;
    require(ladder.demotions() > demotions, "down, never up");
  }
}

/// A session brought to playing, then a camera that answers keep-alives as the input says, and time
/// that passes as it says: '%' stands for the CSeq asked for last.
void run(byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  const auto timeout = in.u32();
  const std::array policies{rtsp::keepalive_policy::automatic,
                            rtsp::keepalive_policy::get_parameter, rtsp::keepalive_policy::options,
                            rtsp::keepalive_policy::set_parameter, rtsp::keepalive_policy::off};
  const auto policy = policies[control % policies.size()];
  const auto demotions = static_cast<std::uint8_t>(timeout >> 24);
  climb_down(policy, demotions, {(control & 0x10) != 0, (control & 0x20) != 0});

  listener heard;
  seeded_random random{control};
  for (const std::int64_t seconds : {std::int64_t{timeout}, -std::int64_t{timeout}}) {
    const auto interval = rtsp::keepalive_interval(std::chrono::seconds{seconds}, random);
    require(interval >= std::chrono::milliseconds{900} && interval <= std::chrono::seconds{33},
            "a keep-alive is neither a flood nor too late");
  }

  rtsp::session_options options;
  options.target = rtsp::parse_url("rtsp://127.1.0.1:8554/stream").value();
  options.policies.keepalive = policy;
  options.memory.keepalive_demotions = demotions;
  if ((control & 0x40) != 0)
    options.policies.stale_session_guard = rtsp::stale_session_policy::always;
  rtsp::client_session session{options, heard, random};
  mono_ns now = 1'000'000'000;
  session.on_connected(now);
  const auto say = [&](std::string_view text) {
    std::string said;
    for (const char c : text)
      if (c == '%')
        said += heard.last_cseq;
      else
        said += c;
    const auto own = copy_of(bytes_of(said));
    session.on_bytes(own, now);
  };
  const std::string ok = "RTSP/1.0 200 OK\r\nCSeq: %\r\n";
  const std::string sdp =
      "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n";
  say(ok + "Public: DESCRIBE" + ((control & 0x10) != 0 ? ", GET_PARAMETER" : "") +
      ((control & 0x20) != 0 ? ", SET_PARAMETER" : "") + "\r\n\r\n");
  say(ok + "Content-Length: " + std::to_string(sdp.size()) + "\r\n\r\n" + sdp);
  say(ok + "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 4711;timeout=" +
      std::to_string(timeout) + "\r\n\r\n");
  say(ok + "Session: 4711\r\n\r\n");
  require(heard.is_playing && !heard.is_closed, "a good camera plays");

  for (const auto part : packets_of(in)) {
    if (heard.is_closed) break;
    const auto before = heard.asked.size();
    now += part.empty() ? 1'000'000'000 : part[0] * std::int64_t{250'000'000};
    session.on_tick(now);
    for (auto i = before; i < heard.asked.size(); ++i)
      require(is_keepalive(heard.asked[i]), "between play and the end: keep-alives only");
    require(heard.asked.size() <= before + 1, "one look at the clock, one keep-alive");
    if (const auto next = session.next_deadline())
      require(*next > now, "what was due is done");
    else
      require(policy == rtsp::keepalive_policy::off, "the next keep-alive is always planned");
    if (!part.empty()) say(text_of(part.subspan(1)));
  }
  require(session.memory().keepalive_demotions >= demotions, "what was learned stays");
  if ((control & 0x80) != 0) {
    session.on_disconnected(now);
    return;
  }
  session.begin_teardown(now);
  for (int i = 0; i < 4 && !heard.is_closed; ++i) {
    const auto deadline = session.next_deadline();
    require(deadline.has_value(), "a session that has not ended knows when to look again");
    now = std::max(now, *deadline);
    session.on_tick(now);
  }
  require(heard.is_closed, "a teardown ends the session");
}

std::string talk(char control, std::string_view timeout, const std::vector<std::string>& said) {
  return control + std::string{timeout} + in_packets(said);
}

std::vector<std::string> seeds() {
  const std::string ok = "RTSP/1.0 200 OK\r\nCSeq: %\r\nSession: 4711\r\n\r\n";
  const std::string refused = "RTSP/1.0 501 Not Implemented\r\nCSeq: %\r\n\r\n";
  const std::string gone = "RTSP/1.0 454 Session Not Found\r\nCSeq: %\r\n\r\n";
  const std::string unauthorized =
      "RTSP/1.0 401 Unauthorized\r\nCSeq: %\r\nWWW-Authenticate: Digest realm=\"c\", "
      "nonce=\"n\"\r\n\r\n";
  const std::string_view minute{"\0\0\0\x3c", 4}, none{"\0\0\0\0", 4}, ages{"\xff\xff\xff\xff", 4};
  return {talk('\x30', minute, {"\x90" + ok, "\x90" + refused, "\x90" + refused, "\x90" + ok}),
          talk('\x10', none, {"\x04" + refused, "\x04" + gone, "\x04"}),
          talk('\x40', ages, {"\x90" + unauthorized, "\x90" + ok}),
          talk('\xc0', ages, {"\x90Server: LIVE555 Streaming Media v2013.02.11\r\n"}),
          talk('\4', minute, {"\xff", "\xff" + ok}),
          talk('\1', minute, {"\x90$\1\0\4abcd" + gone, "\x90" + ok + ok})};
}

const registration self{
    {"keepalive",
     run,
     seeds,
     {"RTSP/1.0 200 OK\r\nCSeq: %\r\n", "RTSP/1.0 454 ", "RTSP/1.0 501 ",
      "RTSP/1.0 401 Unauthorized\r\nCSeq: %\r\n", "Session: 4711;timeout=", "Server: LIVE555",
      "Connection: close\r\n", "\r\n\r\n", "%", "OPTIONS * RTSP/1.0\r\n", "REDIRECT "}}};

}  // namespace

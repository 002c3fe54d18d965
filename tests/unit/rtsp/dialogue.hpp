// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "rtsp/client_session.hpp"
#include "rtsp/parser.hpp"
#include "unit/rtsp/splits.hpp"

namespace vigie::tests {

inline constexpr auto camera_url = "rtsp://127.1.0.1:8554/stream";
inline constexpr auto description =
    "v=0\r\na=tool:cam 1\r\na=control:*\r\nm=audio 0 RTP/AVP 8\r\na=control:track0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtk=,aM48gA==\r\n"
    "a=control:track1\r\n";

inline rtsp::session_options ordinary_options() {
  rtsp::session_options out;
  out.target = rtsp::parse_url(camera_url).value();
  out.username = "vigie";
  out.password = secret{"hunter2-secret"};
  return out;
}

/// A session on a bench: records what it emits, and lets a test speak as the camera.
class dialogue : public rtsp::session_events {
 public:
  explicit dialogue(rtsp::session_options options = ordinary_options())
      : session{std::move(options), *this, random_} {}

  // -- what the session emitted
  std::vector<rtsp::request> requests;  ///< and, in `replies`, its answers to ours
  std::vector<rtsp::response> replies;
  std::vector<std::string> sent_frames;
  std::vector<std::string> log;  ///< track, rtp, rtcp, authenticated, playing, redirect, closed
  std::vector<std::string> rtp_packets;
  std::optional<rtsp::datagram_ports> local_ports;  ///< what the shell opens; none: no UDP
  std::optional<rtsp::datagram_ports> aim;
  std::vector<std::pair<rtsp::datagram_channel, std::string>> sent_datagrams;
  std::optional<error> failure;
  std::optional<rtsp::video_track> track;

  mono_ns now = to_ns(std::chrono::seconds{100});

 private:
  seeded_random random_{5};
  rtsp::parser sent_;

 public:
  rtsp::client_session session;

  void wait(std::chrono::nanoseconds time) {
    now += time.count();
    session.on_tick(now);
  }
  /// Jumps to the session's next deadline.
  void wait_for_deadline() {
    REQUIRE(session.next_deadline());
    now = std::max(now, *session.next_deadline());
    session.on_tick(now);
  }
  void say(std::string_view bytes) { session.on_bytes(bytes_of(bytes), now); }

  void datagram(rtsp::datagram_channel channel, std::string_view bytes, std::uint16_t source_port,
                bool is_from_peer = true) {
    session.on_datagram({channel, is_from_peer, source_port, bytes_of(bytes)});
  }

  const rtsp::request& last() const { return requests.back(); }
  std::string header(std::string_view name) const {
    return std::string{last().headers.find(name).value_or("<absent>")};
  }
  static std::string reply_text(std::string_view cseq, std::string_view status,
                                std::string_view headers = "", std::string_view body = "") {
    std::string out = "RTSP/1.0 " + std::string{status} + "\r\nCSeq: " + std::string{cseq} +
                      "\r\n" + std::string{headers};
    if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out + "\r\n" + std::string{body};
  }
  /// Answers the last request.
  void reply(std::string_view status, std::string_view headers = "", std::string_view body = "") {
    say(reply_text(header("CSeq"), status, headers, body));
  }

  // -- an ordinary camera, step by step
  void connect() { session.on_connected(now); }
  void answer_options() {
    REQUIRE(last().method == "OPTIONS");
    reply("200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n");
  }
  void answer_describe() {
    REQUIRE(last().method == "DESCRIBE");
    reply("200 OK", "Content-Base: rtsp://127.1.0.1:8554/stream/\r\nServer: Cam/2\r\n",
          description);
  }
  void answer_setup() {
    REQUIRE(last().method == "SETUP");
    reply("200 OK",
          "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 4711;timeout=60\r\n");
  }
  void answer_play() {
    REQUIRE(last().method == "PLAY");
    reply("200 OK", "Session: 4711\r\n");
  }
  void play() {
    connect();
    answer_options();
    answer_describe();
    answer_setup();
    answer_play();
    REQUIRE(session.state() == rtsp::session_state::playing);
  }

  bool is_closed() const { return session.state() == rtsp::session_state::closed; }

 private:
  void on_send(byte_view bytes) override {
    sent_.feed(bytes);
    while (true) {
      const auto item = sent_.next();
      REQUIRE(item);
      if (*item == rtsp::parser::item::none) return;
      if (*item == rtsp::parser::item::request) requests.push_back(sent_.request());
      if (*item == rtsp::parser::item::response) replies.push_back(sent_.response());
      if (*item == rtsp::parser::item::frame)
        sent_frames.push_back(framed(sent_.frame().channel,
                                     {reinterpret_cast<const char*>(sent_.frame().payload.data()),
                                      sent_.frame().payload.size()}));
    }
  }
  std::optional<rtsp::datagram_ports> on_open_datagrams() override { return local_ports; }
  void on_aim(rtsp::datagram_ports remote) override { aim = remote; }
  void on_send_datagram(rtsp::datagram_channel channel, byte_view data) override {
    sent_datagrams.emplace_back(channel, std::string{data.begin(), data.end()});
  }
  void on_track(const rtsp::video_track& found) override {
    track = found;
    log.push_back("track");
  }
  void on_rtp(byte_view packet) override {
    rtp_packets.emplace_back(packet.begin(), packet.end());
    log.push_back("rtp");
  }
  void on_rtcp(byte_view) override { log.push_back("rtcp"); }
  void on_authenticated() override { log.push_back("authenticated"); }
  void on_playing(const rtsp::video_track&) override { log.push_back("playing"); }
  void on_redirect(const rtsp::url& target) override {
    CHECK(target == session.target());
    log.push_back("redirect " + target.to_text());
  }
  void on_closed(const std::optional<error>& reason) override {
    CHECK(std::count(log.begin(), log.end(), "closed") == 0);
    if (reason) CHECK(reason->detail.find("hunter2") == std::string::npos);
    failure = reason;
    log.push_back("closed");
  }
};

}  // namespace vigie::tests

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "rtsp/client_session.hpp"
#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

TEST_CASE("session: OPTIONS from the camera in mid-stream is answered, other requests get 501") {
  dialogue d;
  d.play();
  d.say(framed(0, rtp_text(1, "a")) + "OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n" +
        framed(0, rtp_text(2, "b")) +
        "ANNOUNCE rtsp://h/ RTSP/1.0\r\nCSeq: 78\r\nContent-Length: 3\r\n\r\nv=0" +
        framed(0, rtp_text(3, "c")));
  CHECK(d.rtp_packets.size() == 3);
  REQUIRE(d.replies.size() == 2);
  CHECK(d.replies[0].status == 200);
  CHECK(d.replies[0].headers.find("CSeq") == "77");
  CHECK(d.replies[1].status == 501);
  CHECK(d.replies[1].headers.find("CSeq") == "78");
  CHECK(d.session.state() == session_state::playing);
}

TEST_CASE("session: a flood of requests from the camera is not answered without end") {
  dialogue d;
  d.play();
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
  d.say(flood);
  CHECK(d.replies.size() == 16);
  CHECK(d.session.counters().server_requests == 1000);
  d.wait(1s);
  d.say("OPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n");
  CHECK(d.replies.size() == 17);
}

TEST_CASE("session: a reply without CSeq belongs to the oldest request") {
  dialogue d;
  d.connect();
  d.say("RTSP/1.0 200 OK\r\n\r\n");
  CHECK(d.last().method == "DESCRIBE");
  CHECK(d.session.counters().missing_cseqs == 1);
}

TEST_CASE("session: a reply with a foreign CSeq is counted and the right one awaited") {
  dialogue d;
  d.connect();
  d.say("RTSP/1.0 200 OK\r\nCSeq: 99\r\n\r\n");
  d.say("RTSP/1.0 200 OK\r\nCSeq: x\r\n\r\n");
  CHECK(d.requests.size() == 1);
  CHECK(d.session.counters().foreign_cseqs == 2);
  d.answer_options();
  CHECK(d.last().method == "DESCRIBE");
  d.say("RTSP/1.0 200 OK\r\nCSeq: 99\r\n\r\n");
  d.wait(4s);
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_timeout);
}

TEST_CASE("session: an interim reply is not the reply") {
  dialogue d;
  d.connect();
  d.reply("100 Continue");
  CHECK(d.requests.size() == 1);
  d.answer_options();
  CHECK(d.last().method == "DESCRIBE");
}

TEST_CASE("session: the first Session id is kept, unless the policy takes the last") {
  for (const auto policy : {session_id_policy::keep_first, session_id_policy::take_last}) {
    auto options = ordinary_options();
    options.policies.session_id = policy;
    dialogue d{options};
    d.connect();
    d.answer_options();
    d.answer_describe();
    d.answer_setup();
    d.reply("200 OK", "Session: 4712;timeout=10\r\n");
    CHECK(d.session.counters().session_id_changes == 1);
    const auto before = d.now;
    d.wait_for_deadline();
    CHECK(d.now - before <= to_ns(5500ms));
    CHECK(d.header("Session") == (policy == session_id_policy::keep_first ? "4711" : "4712"));
  }
}

TEST_CASE("session: a keep-alive method the camera objects to is given up and remembered") {
  dialogue d;
  d.play();
  d.wait_for_deadline();
  CHECK(d.last().method == "GET_PARAMETER");
  d.reply("454 Session Not Found");
  CHECK(d.session.state() == session_state::playing);
  CHECK(d.session.memory().keepalive_demotions == 1);
  d.wait_for_deadline();
  CHECK(d.last().method == "OPTIONS");

  auto taught = ordinary_options();
  taught.memory = d.session.memory();
  dialogue next{taught};
  next.play();
  next.wait_for_deadline();
  CHECK(next.last().method == "OPTIONS");
}

TEST_CASE("session: keep-alives that are never answered harm nothing") {
  dialogue d;
  d.play();
  for (int i = 0; i < 200; ++i) d.wait_for_deadline();
  CHECK(d.session.state() == session_state::playing);
  CHECK(d.requests.size() == 4 + 200);
  // Only the latest requests are remembered: an answer this late is nobody's.
  d.say(dialogue::reply_text("10", "454 Session Not Found"));
  CHECK(d.session.counters().foreign_cseqs == 1);
  CHECK(d.session.memory().keepalive_demotions == 0);
  d.session.begin_teardown(d.now);
  d.reply("200 OK");
  CHECK(d.is_closed());
}

TEST_CASE("session: a connection lost right after a keep-alive is blamed on its method") {
  dialogue d;
  d.play();
  d.wait_for_deadline();
  d.now += to_ns(1s);
  d.session.on_disconnected(d.now);
  CHECK(d.session.memory().keepalive_demotions == 1);

  dialogue innocent;
  innocent.play();
  innocent.wait_for_deadline();
  innocent.reply("200 OK");
  innocent.session.on_disconnected(innocent.now);
  CHECK(innocent.session.memory().keepalive_demotions == 0);
}

TEST_CASE("session: the policy off sends no keep-alive") {
  auto options = ordinary_options();
  options.policies.keepalive = keepalive_policy::off;
  dialogue d{options};
  d.play();
  d.wait(10min);
  CHECK(d.last().method == "PLAY");
  CHECK(!d.session.next_deadline());
}

TEST_CASE("session: packets on the wrong one of the two channels are told apart by their type") {
  dialogue d;
  d.play();
  d.log.clear();
  d.say(framed(1, rtp_text(1, "video")) + framed(0, rtcp_text()));
  CHECK(d.log == std::vector<std::string>{"rtp", "rtcp"});
  CHECK(d.session.counters().swapped_channels == 2);
}

TEST_CASE("session: a payload type that looks like RTCP with its marker bit stays video") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("200 OK", "", "m=video 0 RTP/AVP 72\na=rtpmap:72 H264/90000\n");
  d.answer_setup();
  d.answer_play();
  auto packet = rtp_text(1, "video");
  packet[1] = '\xc8';
  d.say(framed(0, packet));
  CHECK(d.rtp_packets.size() == 1);
  CHECK(d.session.counters().swapped_channels == 0);
}

TEST_CASE("session: frames too short to be anything are counted and dropped") {
  dialogue d;
  d.play();
  d.log.clear();
  d.say(framed(0, "") + framed(0, "\x80\x60short") + framed(0, "\x80\x60 11 bytes") +
        framed(1, "\x80\xc9"));
  CHECK(d.log.empty());
  CHECK(d.session.counters().short_frames == 4);
}

TEST_CASE("session: RTP-Info is only compared with what really came") {
  for (const auto& [sequence, lies] : {std::pair{1, 0u}, std::pair{500, 1u}}) {
    dialogue d;
    d.connect();
    d.answer_options();
    d.answer_describe();
    d.answer_setup();
    d.reply("200 OK", "RTP-Info: url=x;seq=" + std::to_string(sequence) + ";rtptime=0;\r\n");
    d.say(framed(0, rtp_text(1, "a")) + framed(0, rtp_text(2, "b")));
    CHECK(d.rtp_packets.size() == 2);
    CHECK(d.session.counters().rtp_info_lies == lies);
  }
}

TEST_CASE("session: framing lost while playing is found again, or ends the session by name") {
  dialogue d;
  d.play();
  d.say(framed(0, rtp_text(1, "a")) + "torn text" + framed(0, rtp_text(2, "b")));
  CHECK(d.rtp_packets.size() == 2);
  CHECK(d.session.counters().resyncs == 1);
  CHECK(d.session.counters().skipped_bytes == 9);
  d.say(std::string(70'000, '#'));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_framing);
  CHECK(d.last().method == "TEARDOWN");
}

TEST_CASE("session: damage anywhere in a dialogue ends in at most one named error") {
  const auto script =
      dialogue::reply_text("1", "200 OK", "Public: GET_PARAMETER\r\n") +
      dialogue::reply_text("2", "401 No", "WWW-Authenticate: Digest realm=\"c\", nonce=\"n\"\r\n") +
      dialogue::reply_text("3", "200 OK", "Content-Base: rtsp://127.1.0.1/s/\r\n", description) +
      dialogue::reply_text("4", "200 OK",
                           "Transport: RTP/AVP/TCP;interleaved=0-1\r\nSession: a;timeout=9\r\n") +
      dialogue::reply_text("5", "200 OK", "RTP-Info: url=x;seq=1\r\n") +
      framed(0, rtp_text(1, "v")) + framed(1, rtcp_text()) +
      "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n";
  seeded_random random{23};
  for (int i = 0; i < 5000; ++i) {
    auto bytes = script;
    for (auto n = 1 + random.next() % 5; n > 0 && bytes.size() > 20; --n) {
      const auto at = random.next() % bytes.size();
      switch (random.next() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random.next());
          break;
        case 1:
          bytes.erase(at, 1 + random.next() % 15);
          break;
        default:
          bytes.insert(at, bytes.substr(random.next() % bytes.size(), 40));
          break;
      }
    }
    dialogue d;
    d.connect();
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = 1 + random.next() % 200;
      d.say(std::string_view{bytes}.substr(at, size));
      at += size;
    }
    for (int tick = 0; tick < 4 && d.session.next_deadline(); ++tick) d.wait_for_deadline();
    d.session.begin_teardown(d.now);
    d.wait(1s);
    if (d.session.state() != session_state::idle) REQUIRE(d.is_closed());
  }
}

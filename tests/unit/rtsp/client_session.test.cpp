// SPDX-License-Identifier: Apache-2.0
#include "rtsp/client_session.hpp"

#include <doctest/doctest.h>

#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

TEST_CASE("session: OPTIONS, DESCRIBE, SETUP, PLAY, then media, keep-alive and TEARDOWN") {
  dialogue d;
  CHECK(d.session.state() == session_state::idle);
  CHECK(!d.session.next_deadline());
  d.connect();
  CHECK(d.last().uri == camera_url);
  CHECK(d.header("User-Agent") == "Vigie/0.1");
  d.answer_options();
  CHECK(d.last().uri == camera_url);
  CHECK(d.header("Accept") == "application/sdp");
  CHECK(d.header("Authorization") == "<absent>");
  d.answer_describe();
  CHECK(d.last().uri == "rtsp://127.1.0.1:8554/stream/track1");
  CHECK(d.header("Transport") == "RTP/AVP/TCP;unicast;interleaved=0-1");
  d.answer_setup();
  CHECK(d.last().uri == "rtsp://127.1.0.1:8554/stream/");
  CHECK(d.header("Range") == "npt=0.000-");
  CHECK(d.header("Session") == "4711");
  d.answer_play();
  CHECK(d.session.server_name() == "Cam/2");
  CHECK(d.session.tool() == "cam 1");
  CHECK(d.track->parameter_sets.size() == 2);

  d.say(framed(0, rtp_text(1, "video")) + framed(1, rtcp_text()));
  CHECK(d.log == std::vector<std::string>{"authenticated", "track", "playing", "rtp", "rtcp"});
  CHECK(d.rtp_packets.at(0) == rtp_text(1, "video"));

  const auto started = d.now;
  d.wait_for_deadline();
  CHECK(d.now - started >= to_ns(27s));
  CHECK(d.now - started <= to_ns(33s));
  CHECK(d.last().method == "GET_PARAMETER");
  CHECK(d.last().uri == "rtsp://127.1.0.1:8554/stream/");
  CHECK(d.header("Session") == "4711");

  d.session.begin_teardown(d.now);
  CHECK(d.last().method == "TEARDOWN");
  CHECK(!d.is_closed());
  d.say(framed(0, rtp_text(2, "late")));
  CHECK(d.rtp_packets.size() == 1);
  d.reply("200 OK");
  CHECK(d.is_closed());
  CHECK(!d.failure);
  CHECK(!d.session.next_deadline());
}

TEST_CASE("session: the whole dialogue in any split of the camera's bytes") {
  const auto script =
      dialogue::reply_text("1", "200 OK", "Public: GET_PARAMETER\r\n") +
      dialogue::reply_text("2", "200 OK", "", description) + framed(5, rtp_text(1, "stray")) +
      dialogue::reply_text("3", "200 OK",
                           "Transport: RTP/AVP;unicast;interleaved=2\r\nSession: a;timeout=0\r\n") +
      framed(2, rtp_text(7, "early")) + dialogue::reply_text("4 ", "200 OK") +
      framed(2, rtp_text(8, "x"));
  each_split(script, [&](const auto& pieces) {
    dialogue d;
    d.connect();
    for (const auto piece : pieces) d.say(piece);
    REQUIRE(d.log == std::vector<std::string>{"authenticated", "track", "rtp", "playing", "rtp"});
    const auto& counters = d.session.counters();
    REQUIRE(counters.frames_before_play == 1);
    REQUIRE(counters.unassigned_channels == 1);
    REQUIRE(counters.avp_without_tcp == 1);
    REQUIRE(counters.zero_timeouts == 1);
  });
}

TEST_CASE("session: a camera that refuses OPTIONS is described all the same") {
  for (const auto* status : {"404 Not Found", "501 Not Implemented", "302 Moved"}) {
    dialogue d;
    d.connect();
    d.reply(status, "Location: rtsp://elsewhere/\r\n");
    CHECK(d.last().method == "DESCRIBE");
    CHECK(d.session.counters().options_refused == 1);
  }
}

TEST_CASE("session: failures of the dialogue have their own names") {
  const auto describe_fails = [](std::string_view status) {
    dialogue d;
    d.connect();
    d.answer_options();
    d.reply(status);
    REQUIRE(d.is_closed());
    return d.failure.value();
  };
  CHECK(describe_fails("404 Not Found").code == errc::rtsp_not_found);
  CHECK(describe_fails("503 Service Unavailable").code == errc::rtsp_status);
  CHECK(describe_fails("503 Service Unavailable").detail.find("503 Service Unavailable") !=
        std::string::npos);
  CHECK(describe_fails("200 OK").code == errc::sdp_malformed);
  const auto setup_fails = [](std::string_view status, std::string_view headers) {
    dialogue d;
    d.connect();
    d.answer_options();
    d.answer_describe();
    d.reply(status, headers);
    REQUIRE(d.is_closed());
    return d.failure.value().code;
  };
  CHECK(setup_fails("461 Unsupported Transport", "") == errc::rtsp_transport);
  CHECK(setup_fails("200 OK", "Session: 1\r\n") == errc::rtsp_transport);
  CHECK(setup_fails("200 OK", "Transport: RTP/AVP;client_port=1-2\r\n") == errc::rtsp_transport);
  CHECK(setup_fails("500 Oops", "") == errc::rtsp_status);
}

TEST_CASE("session: a refused PLAY still takes down what was set up") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.answer_setup();
  d.reply("453 Not Enough Bandwidth");
  CHECK(d.failure->code == errc::rtsp_status);
  CHECK(d.last().method == "TEARDOWN");
  CHECK(d.header("Session") == "4711");
}

TEST_CASE("session: without Content-Base the request's own URL is the base, queries included") {
  auto options = ordinary_options();
  options.target = parse_url("rtsp://127.1.0.1/cam?channel=1&stream=0").value();
  dialogue d{options};
  d.connect();
  d.answer_options();
  d.reply("200 OK", "", description);
  CHECK(d.last().uri == "rtsp://127.1.0.1/cam?channel=1&stream=0/track1");
  d.answer_setup();
  CHECK(d.last().uri == "rtsp://127.1.0.1/cam?channel=1&stream=0");
}

TEST_CASE("session: a base in a private network does not lead us away from the connected host") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("200 OK", "Content-Base: rtsp://192.168.0.64/live/\r\n", description);
  CHECK(d.last().uri == "rtsp://127.1.0.1:8554/live/track1");
  CHECK(d.session.counters().overridden_hosts == 1);
}

TEST_CASE("session: every request has its deadline, and so has the whole opening") {
  dialogue silent;
  silent.connect();
  silent.wait(3999ms);
  CHECK(!silent.is_closed());
  silent.wait(1ms);
  REQUIRE(silent.is_closed());
  CHECK(silent.failure->code == errc::rtsp_timeout);
  CHECK(silent.failure->detail.find("OPTIONS") != std::string::npos);

  dialogue slow;  // answers each request just in time
  slow.connect();
  slow.wait(3900ms);
  slow.answer_options();
  slow.wait(3900ms);
  slow.answer_describe();
  slow.wait(3900ms);
  slow.answer_setup();
  slow.wait(3299ms);
  CHECK(!slow.is_closed());
  slow.wait(1ms);
  REQUIRE(slow.is_closed());
  CHECK(slow.failure->code == errc::rtsp_timeout);
}

TEST_CASE("session: a reply dripped byte by byte does not extend its deadline") {
  dialogue d;
  d.connect();
  const auto text = dialogue::reply_text("1", "200 OK", "X: " + std::string(200, 'y') + "\r\n");
  for (std::size_t i = 0; i < text.size() && !d.is_closed(); ++i) {
    d.say(text.substr(i, 1));
    d.wait(100ms);
  }
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_timeout);
}

TEST_CASE("session: media during the opening does not stand in for the missing reply") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.answer_setup();
  for (std::uint16_t i = 0; i < 50 && !d.is_closed(); ++i) {
    d.say(framed(0, rtp_text(i, "v")));
    d.wait(100ms);
  }
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_timeout);
  CHECK(d.last().method == "TEARDOWN");
}

TEST_CASE("session: TEARDOWN waits one second for its answer, not longer") {
  dialogue d;
  d.play();
  d.session.begin_teardown(d.now);
  d.session.begin_teardown(d.now);
  CHECK(std::count_if(d.requests.begin(), d.requests.end(),
                      [](const auto& r) { return r.method == "TEARDOWN"; }) == 1);
  d.wait(999ms);
  CHECK(!d.is_closed());
  d.wait(1ms);
  CHECK(d.is_closed());
  CHECK(!d.failure);
}

TEST_CASE("session: ending before anything was set up needs no TEARDOWN") {
  dialogue early;
  early.session.begin_teardown(early.now);
  CHECK(early.is_closed());
  dialogue d;
  d.connect();
  d.session.begin_teardown(d.now);
  CHECK(d.is_closed());
  CHECK(d.requests.size() == 1);
  d.session.on_connected(d.now);
  d.say("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n");
  d.wait(1h);
  CHECK(d.requests.size() == 1);
}

TEST_CASE("session: the policy never ends without TEARDOWN") {
  auto options = ordinary_options();
  options.policies.teardown = teardown_policy::never;
  dialogue d{options};
  d.play();
  d.session.begin_teardown(d.now);
  CHECK(d.is_closed());
  CHECK(d.last().method == "PLAY");
}

TEST_CASE("session: receiver reports go out on the channel that was assigned") {
  dialogue d;
  d.session.send_rtcp(bytes_of("early"));
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.reply("200 OK", "Transport: RTP/AVP/TCP;interleaved=6-9\r\nSession: 1\r\n");
  const auto report = rtcp_text();
  d.session.send_rtcp(bytes_of(report));
  CHECK(d.sent_frames == std::vector<std::string>{framed(9, report)});
  CHECK(d.session.counters().other_channels == 1);
}

TEST_CASE("session: garbage, an oversized header and a 4 GiB body cost one error each") {
  const auto fails = [](const std::string& bytes) {
    dialogue d;
    d.connect();
    d.say(bytes);
    REQUIRE(d.is_closed());
    CHECK(d.log == std::vector<std::string>{"closed"});
    return d.failure.value().code;
  };
  CHECK(fails(std::string(70'000, '#')) == errc::rtsp_framing);
  CHECK(fails("HTTP/1.1 200 OK\r\n\r\n") == errc::rtsp_malformed);
  CHECK(fails("RTSP/1.0 200 OK\r\nX: " + std::string(5000, 'y') + "\r\n") == errc::rtsp_too_large);
  CHECK(fails("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4294967296\r\n\r\n") ==
        errc::rtsp_too_large);
}

TEST_CASE("session: noise on the line is named when nothing else came in time") {
  dialogue d;
  d.connect();
  d.say("SSH-2.0-OpenSSH\r\n");
  d.wait(4s);
  REQUIRE(d.is_closed());
  CHECK(d.failure->detail.find("not RTSP") != std::string::npos);
}

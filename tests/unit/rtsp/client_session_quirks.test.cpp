// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "rtsp/client_session.hpp"
#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

TEST_CASE("session: media before the PLAY reply is accepted and counted") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.say(framed(0, rtp_text(1, "too early")));
  CHECK(d.rtp_packets.empty());
  d.answer_setup();
  d.say(framed(1, rtcp_text()) + framed(0, rtp_text(2, "a")));
  CHECK(d.rtp_packets.size() == 1);
  CHECK(d.session.counters().frames_before_play == 2);
  CHECK(d.session.counters().unassigned_channels == 1);
  d.answer_play();
  d.say(framed(0, rtp_text(3, "b")));
  CHECK(d.rtp_packets.size() == 2);
  CHECK(d.session.counters().frames_before_play == 2);
}

TEST_CASE("session: frames on channels never set up are ignored, or end the session by policy") {
  for (const auto policy : {unassigned_channel_policy::ignore, unassigned_channel_policy::close}) {
    auto options = ordinary_options();
    options.policies.unassigned_channel = policy;
    dialogue d{options};
    d.play();
    d.say(framed(4, rtp_text(1, "metadata")) + framed(0, rtp_text(2, "a")));
    CHECK(d.session.counters().unassigned_channels == 1);
    CHECK(d.is_closed() == (policy == unassigned_channel_policy::close));
    CHECK(d.rtp_packets.size() == (d.is_closed() ? 0 : 1));
    if (d.is_closed()) CHECK(d.failure->code == errc::rtsp_framing);
  }
}

TEST_CASE("session: every request carries User-Agent") {
  dialogue d;
  d.play();
  d.wait_for_deadline();
  d.session.begin_teardown(d.now);
  CHECK(d.requests.size() == 6);
  for (const auto& request : d.requests)
    CHECK(request.headers.find("User-Agent").value_or("").starts_with("Vigie/"));
}

TEST_CASE("session: the type of a description is not asked for") {
  for (const auto* type :
       {"", "Content-Type: application/sdp\r\n", "Content-Type: application/sdp; charset=utf-8\r\n",
        "Content-Type: text/plain\r\n", "Content-Type:\r\n"}) {
    dialogue d;
    d.connect();
    d.answer_options();
    d.reply("200 OK", type, description);
    CHECK(d.last().method == "SETUP");
  }
}

TEST_CASE("session: SETUP never says mode") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  CHECK(d.header("Transport").find("mode") == std::string::npos);
}

TEST_CASE("session: PLAY carries the range the policy says") {
  for (const auto policy : {range_header_policy::npt0, range_header_policy::omit}) {
    auto options = ordinary_options();
    options.policies.range_header = policy;
    dialogue d{options};
    d.play();
    CHECK(d.header("Range") == (policy == range_header_policy::npt0 ? "npt=0.000-" : "<absent>"));
  }
}

TEST_CASE("session: keep-alives name the stream's base") {
  dialogue d;
  d.play();
  d.wait_for_deadline();
  CHECK(d.last().method == "GET_PARAMETER");
  CHECK(d.last().uri == "rtsp://127.1.0.1:8554/stream/");
}

TEST_CASE("session: one connection describes once, a new one starts from OPTIONS") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("302 Moved", "Location: rtsp://127.1.0.1:8554/other\r\n");
  CHECK(d.session.state() == session_state::idle);
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.answer_setup();
  d.answer_play();
  std::vector<std::string> methods;
  for (const auto& request : d.requests) methods.push_back(request.method);
  CHECK(methods ==
        std::vector<std::string>{"OPTIONS", "DESCRIBE", "OPTIONS", "DESCRIBE", "SETUP", "PLAY"});
}

TEST_CASE("session: the digest names the request line's URL, byte for byte") {
  auto options = ordinary_options();
  options.target = parse_url("rtsp://127.1.0.1:8554/a%20b/?x=1&y=%2F").value();
  dialogue d{options};
  d.connect();
  d.reply("401 No", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n");
  d.reply("200 OK", "", description);
  REQUIRE(d.last().method == "SETUP");
  for (std::size_t i = 1; i < d.requests.size(); ++i) {
    const auto& request = d.requests[i];
    const auto sent = request.headers.find("Authorization").value_or("");
    CHECK(sent.find("uri=\"" + request.uri + "\"") != std::string_view::npos);
  }
  CHECK(d.requests[1].uri == "rtsp://127.1.0.1:8554/a%20b/?x=1&y=%2F");
}

TEST_CASE("session: whatever TEARDOWN is answered, the session is gone") {
  for (const auto* status :
       {"200 OK", "454 Session Not Found", "500 Internal Server Error", "401 Unauthorized"}) {
    dialogue d;
    d.play();
    d.session.begin_teardown(d.now);
    d.reply(status);
    CHECK(d.is_closed());
    CHECK_FALSE(d.failure);
  }
}

TEST_CASE("session: keep-alives come by the clock, packets or not") {
  for (const bool has_packets : {false, true}) {
    dialogue d;
    d.play();
    for (int second = 0; second < 120; ++second) {
      if (has_packets) d.say(framed(0, rtp_text(static_cast<std::uint16_t>(second), "a")));
      d.wait(1s);
    }
    const auto sent = std::count_if(d.requests.begin(), d.requests.end(),
                                    [](const auto& r) { return r.method == "GET_PARAMETER"; });
    CHECK(sent >= 3);
    CHECK(sent <= 4);
  }
}

TEST_CASE("quirk 78: decoding order numbers are refused by name, or stripped by policy") {
  constexpr auto numbered =
      "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=fmtp:96 sprop-max-don-diff=2\r\n";
  for (const auto policy : {rtp::donl_policy::refuse, rtp::donl_policy::strip}) {
    auto options = ordinary_options();
    options.policies.rtp.donl = policy;
    dialogue d{options};
    d.connect();
    d.answer_options();
    d.reply("200 OK", "", numbered);
    if (policy == rtp::donl_policy::refuse) {
      REQUIRE(d.is_closed());
      CHECK(d.failure->code == errc::sdp_codec);
      CHECK(d.failure->detail.find("donl") != std::string::npos);
    } else {
      d.answer_setup();
      REQUIRE(d.track);
      CHECK(d.track->has_donl);
    }
  }
}

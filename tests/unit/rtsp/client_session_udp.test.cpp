// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "rtsp/client_session.hpp"
#include "rtsp/headers.hpp"
#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto rtp_port = datagram_channel::rtp;
constexpr auto rtcp_port = datagram_channel::rtcp;

session_options udp_options() {
  auto options = ordinary_options();
  options.policies.transport = transport_policy::udp;
  return options;
}

/// A dialogue by UDP that has come as far as the reply to SETUP, or to PLAY.
struct udp_dialogue : dialogue {
  explicit udp_dialogue(session_options options = udp_options()) : dialogue{std::move(options)} {
    local_ports = datagram_ports{34'000, 34'001};
  }
  void set_up(std::string_view transport =
                  "RTP/AVP;unicast;client_port=34000-34001;server_port=6970-6971") {
    connect();
    answer_options();
    answer_describe();
    REQUIRE(last().method == "SETUP");
    reply("200 OK", "Transport: " + std::string{transport} + "\r\nSession: 4711;timeout=60\r\n");
  }
  void start() {
    set_up();
    answer_play();
    REQUIRE(session.state() == session_state::playing);
  }
};

}  // namespace

TEST_CASE("udp: SETUP names our ports, packets of the camera's ports are delivered") {
  udp_dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  CHECK(d.header("Transport") == "RTP/AVP;unicast;client_port=34000-34001");
  d.reply("200 OK", "Transport: RTP/AVP;unicast;server_port=6970-6971;ssrc=1\r\nSession: 4711\r\n");
  CHECK(d.aim == datagram_ports{6970, 6971});
  CHECK(d.session.uses_udp());
  d.datagram(rtp_port, rtp_text(1, "early"), 6970);
  CHECK(d.session.counters().frames_before_play == 1);
  d.answer_play();
  d.log.clear();
  d.datagram(rtp_port, rtp_text(2, "a"), 6970);
  d.datagram(rtcp_port, rtcp_text(), 6971);
  CHECK(d.log == std::vector<std::string>{"rtp", "rtcp"});
  CHECK(d.session.counters().foreign_datagrams == 0);
}

TEST_CASE("udp: packets of another source are dropped and counted, unless the policy trusts them") {
  struct form {
    udp_source_policy policy;
    bool other_port, other_host;
  };
  for (const auto& f : {form{udp_source_policy::strict, false, false},
                        form{udp_source_policy::same_host, true, false},
                        form{udp_source_policy::any, true, true}}) {
    auto options = udp_options();
    options.policies.udp_source = f.policy;
    udp_dialogue d{options};
    d.start();
    d.datagram(rtp_port, rtp_text(1, "a"), 6970);
    CHECK(d.rtp_packets.size() == 1);
    d.datagram(rtp_port, rtp_text(2, "b"), 7777);
    CHECK(d.rtp_packets.size() == (f.other_port ? 2 : 1));
    d.rtp_packets.clear();
    d.datagram(rtp_port, rtp_text(3, "c"), 6970, false);
    CHECK(d.rtp_packets.size() == (f.other_host ? 1 : 0));
    CHECK(d.session.counters().foreign_datagrams ==
          (f.other_port ? 0 : 1) + (f.other_host ? 0 : 1));
  }
}

TEST_CASE("udp: a camera that names no port is held to the first one it uses") {
  for (const auto* ports : {"", ";server_port=0-1", ";server_port=x", ";server_port=99999"}) {
    CAPTURE(ports);
    udp_dialogue d;
    d.set_up("RTP/AVP;unicast;client_port=34000-34001" + std::string{ports});
    d.answer_play();
    CHECK(d.session.counters().missing_server_ports == 1);
    CHECK(d.sent_datagrams.empty());
    d.datagram(rtp_port, rtp_text(1, "a"), 5000, false);
    CHECK(d.rtp_packets.empty());
    d.datagram(rtp_port, rtp_text(1, "a"), 5000);
    d.datagram(rtp_port, rtp_text(2, "b"), 5002);
    CHECK(d.rtp_packets.size() == 1);
  }
}

TEST_CASE("udp: a hole is punched on both ports after SETUP and again with each report") {
  udp_dialogue d;
  d.set_up();
  REQUIRE(d.sent_datagrams.size() == 2);
  CHECK(d.sent_datagrams[0].first == rtcp_port);
  CHECK(static_cast<std::uint8_t>(d.sent_datagrams[0].second[1]) == 201);
  CHECK(d.sent_datagrams[1].first == rtp_port);
  CHECK(d.sent_datagrams[1].second.size() == 12);
  d.answer_play();
  const std::string report = "\x80\xc9report";
  d.session.send_rtcp(bytes_of(report));
  REQUIRE(d.sent_datagrams.size() == 4);
  CHECK(d.sent_datagrams[2] == std::pair{rtcp_port, report});
  CHECK(d.sent_datagrams[3].first == rtp_port);
  CHECK(d.sent_frames.empty());
}

TEST_CASE(
    "udp: silence for 3 s after PLAY ends the session, and the camera is remembered for TCP") {
  udp_dialogue d;
  d.start();
  d.datagram(rtcp_port, rtcp_text(), 6971);  // reports alone are no media
  d.wait(2999ms);
  CHECK(d.session.state() == session_state::playing);
  d.wait(1ms);
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_transport);
  CHECK(d.last().method == "TEARDOWN");
  CHECK(d.session.counters().udp_silences == 1);

  auto options = udp_options();
  options.memory = d.session.memory();
  udp_dialogue next{options};
  next.connect();
  next.answer_options();
  next.answer_describe();
  CHECK(next.header("Transport") == "RTP/AVP/TCP;unicast;interleaved=0-1");

  udp_dialogue lively;
  lively.start();
  lively.datagram(rtp_port, rtp_text(1, "a"), 6970);
  lively.wait(10s);
  CHECK(lively.session.state() == session_state::playing);
}

TEST_CASE("session: 461 moves once to the other transport, and the camera is remembered for it") {
  for (const auto policy : {transport_policy::tcp, transport_policy::udp}) {
    auto options = ordinary_options();
    options.policies.transport = policy;
    udp_dialogue d{options};
    d.connect();
    d.answer_options();
    d.answer_describe();
    const auto first = d.header("Transport");
    d.reply("461 Unsupported Transport");
    REQUIRE(d.last().method == "SETUP");
    CHECK(d.header("Transport") != first);
    CHECK(d.session.counters().transport_fallbacks == 1);
    CHECK(d.session.memory().uses_other_transport);

    options.memory = d.session.memory();
    udp_dialogue next{options};
    next.connect();
    next.answer_options();
    next.answer_describe();
    CHECK(next.header("Transport") == d.header("Transport"));

    d.reply("461 Unsupported Transport");
    REQUIRE(d.is_closed());
    CHECK(d.failure->code == errc::rtsp_transport);
    CHECK_FALSE(d.session.memory().uses_other_transport);
  }
}

TEST_CASE("session: without UDP of our own a 461 is the end") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.answer_describe();
  d.reply("461 Unsupported Transport");
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_transport);
}

TEST_CASE("session: a server that forces the other transport gets it") {
  udp_dialogue asked_udp;
  asked_udp.set_up("RTP/AVP/TCP;unicast;interleaved=2-3");
  CHECK_FALSE(asked_udp.session.uses_udp());
  asked_udp.answer_play();
  asked_udp.say(framed(2, rtp_text(1, "a")));
  CHECK(asked_udp.rtp_packets.size() == 1);
  CHECK(asked_udp.session.counters().transport_fallbacks == 1);

  udp_dialogue asked_tcp{ordinary_options()};
  asked_tcp.set_up("RTP/AVP;unicast;server_port=6970-6971");
  REQUIRE(asked_tcp.is_closed());
  CHECK(asked_tcp.failure->code == errc::rtsp_transport);
  CHECK(asked_tcp.session.memory().uses_other_transport);
}

TEST_CASE("udp: what is no RTP is dropped and counted, before and after the session too") {
  udp_dialogue d;
  d.datagram(rtp_port, rtp_text(1, "before"), 6970);
  d.start();
  seeded_random random{98};
  for (int i = 0; i < 2000; ++i) {
    std::string noise(random.next() % 40, '\0');
    for (auto& c : noise) c = static_cast<char>(random.next());
    d.datagram(random.next() % 2 == 0 ? rtp_port : rtcp_port, noise,
               random.next() % 2 == 0 ? 6970 : 6971);
  }
  CHECK(d.session.state() == session_state::playing);
  CHECK(d.session.counters().short_frames > 0);
  d.session.begin_teardown(d.now);
  d.rtp_packets.clear();
  d.datagram(rtp_port, rtp_text(1, "after"), 6970);
  CHECK(d.rtp_packets.empty());
}

TEST_CASE("transport: server ports as written, alone or in a pair") {
  CHECK(parse_server_ports("RTP/AVP;unicast;server_port=6970-6971") == datagram_ports{6970, 6971});
  CHECK(parse_server_ports("RTP/AVP; server_port = 6970 ;x") == datagram_ports{6970, 6971});
  CHECK(parse_server_ports("server_port=6970-0") == datagram_ports{6970, 6971});
  CHECK(parse_server_ports("server_port=6970-7001") == datagram_ports{6970, 7001});
  CHECK(parse_server_ports("server_port=65535") == datagram_ports{65535, 0});
  for (const auto* text : {"", "server_port", "server_port=", "server_port=-", "server_port=0-1",
                           "server_port=1", "server_port=-5", "server_port=70000", ";;;=;"})
    CHECK(parse_server_ports(text) == datagram_ports{});
}

// SPDX-License-Identifier: Apache-2.0
#include "rtsp/headers.hpp"

#include <doctest/doctest.h>

#include "rtsp/keepalive.hpp"

using namespace vigie;
using namespace vigie::rtsp;

TEST_CASE("transport: channels and ssrc as answered") {
  quirk_counters counters;
  const auto found = parse_transport(
      "RTP/AVP/TCP;unicast;interleaved=2-3;ssrc= 0BadCafe ;mode=\"play\"", counters);
  REQUIRE(found);
  CHECK(found->rtp_channel == 2);
  CHECK(found->rtcp_channel == 3);
  CHECK(found->ssrc == 0x0badcafe);
  CHECK(counters.avp_without_tcp == 0);
}

TEST_CASE("transport: interleaved decides even without /TCP, a single channel means a pair") {
  quirk_counters counters;
  const auto found = parse_transport("RTP/AVP;unicast;interleaved=4", counters);
  REQUIRE(found);
  CHECK(found->rtp_channel == 4);
  CHECK(found->rtcp_channel == 5);
  CHECK(counters.avp_without_tcp == 1);
  CHECK(counters.other_channels == 1);
}

TEST_CASE("transport: UDP, equal channels and numbers out of range are not usable") {
  quirk_counters counters;
  for (const auto* text : {"RTP/AVP;unicast;client_port=5000-5001", "RTP/AVP/TCP;interleaved=0-0",
                           "RTP/AVP/TCP;interleaved=256-257", "RTP/AVP/TCP;interleaved=255",
                           "RTP/AVP/TCP;interleaved=a-b", "RTP/AVP/TCP;interleaved=", ""})
    CHECK_MESSAGE(!parse_transport(text, counters), text);
}

TEST_CASE("transport: an odd ssrc is left out, not fatal") {
  quirk_counters counters;
  CHECK(parse_transport("RTP/AVP/TCP;interleaved=0-1;ssrc=xyz", counters)->ssrc == std::nullopt);
  CHECK(parse_transport("RTP/AVP/TCP;interleaved=0-1;ssrc=123456789A", counters)->ssrc ==
        std::nullopt);
}

TEST_CASE("session: id and timeout, 60 seconds when absent, zero or unreadable") {
  quirk_counters counters;
  CHECK(parse_session("abc;timeout=30", counters)->timeout.count() == 30);
  CHECK(parse_session(" abc ; foo ; Timeout = 30 ; bar=1", counters)->id == "abc");
  CHECK(parse_session("abc ; Timeout = 30", counters)->timeout.count() == 30);
  CHECK(parse_session("abc", counters)->timeout.count() == 60);
  CHECK(parse_session("abc;timeout=", counters)->timeout.count() == 60);
  CHECK(counters.zero_timeouts == 0);
  CHECK(parse_session("abc;timeout=0", counters)->timeout.count() == 60);
  CHECK(counters.zero_timeouts == 1);
  CHECK(parse_session("abc;timeout=99999999999", counters)->timeout.count() == 86'400);
  CHECK(!parse_session("", counters));
  CHECK(!parse_session(std::string(257, 'a'), counters));
}

TEST_CASE("public: names the methods for keep-alives") {
  CHECK(parse_public("OPTIONS, get_parameter ,PLAY").get_parameter);
  CHECK(parse_public("OPTIONS,SET_PARAMETER").set_parameter);
  CHECK(!parse_public("OPTIONS, GET_PARAMETERS").get_parameter);
  CHECK(!parse_public("").get_parameter);
}

TEST_CASE("rtp-info: what can be read is read") {
  const auto found = parse_rtp_info(
      "url=rtsp://h/s/trackID=1;seq=45102;rtptime=12345678,url=x;seq=70000;rtptime=-1;,;");
  REQUIRE(found.size() == 3);
  CHECK(found[0].url == "rtsp://h/s/trackID=1");
  CHECK(found[0].first_sequence == 45102);
  CHECK(found[0].rtp_ts == 12345678u);
  CHECK(!found[1].first_sequence);
  CHECK(!found[1].rtp_ts);
  CHECK(parse_rtp_info("").empty());
  CHECK(parse_rtp_info(std::string(1000, ',') + "seq=1").size() == 1);
}

TEST_CASE("lists: quotes and escapes shield separators, empty pieces vanish") {
  const auto found = split_list(R"( a ,, b="x,\"y," , "open, )", ',');
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "a");
  CHECK(found[1] == R"(b="x,\"y,")");
  CHECK(found[2] == R"("open,)");
  CHECK(split_list("\"\\", ',').size() == 1);
}

TEST_CASE("keepalive: the ladder follows what is advertised and ends on OPTIONS") {
  const auto climb = [](public_methods advertised) {
    keepalive_ladder ladder{keepalive_policy::automatic, 0};
    ladder.set_advertised(advertised);
    std::string all{ladder.method()};
    while (ladder.demote()) all.append(" ").append(ladder.method());
    return all;
  };
  CHECK(climb({.get_parameter = false, .set_parameter = false}) == "OPTIONS");
  CHECK(climb({.get_parameter = true, .set_parameter = false}) == "GET_PARAMETER OPTIONS");
  CHECK(climb({.get_parameter = true, .set_parameter = true}) ==
        "GET_PARAMETER OPTIONS SET_PARAMETER OPTIONS");
}

TEST_CASE("keepalive: a fixed policy is never demoted, a remembered demotion holds") {
  keepalive_ladder fixed{keepalive_policy::set_parameter, 0};
  CHECK(fixed.method() == "SET_PARAMETER");
  CHECK(!fixed.demote());
  CHECK(keepalive_ladder{keepalive_policy::off, 0}.method() == "");
  keepalive_ladder taught{keepalive_policy::automatic, 1};
  taught.set_advertised({.get_parameter = true, .set_parameter = false});
  CHECK(taught.method() == "OPTIONS");
}

TEST_CASE("keepalive: half of min(timeout, 60 s), spread by ten percent") {
  seeded_random random{3};
  double lowest = 1e9;
  double highest = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto s = std::chrono::duration<double>(keepalive_interval(std::chrono::hours{1}, random));
    lowest = std::min(lowest, s.count());
    highest = std::max(highest, s.count());
  }
  CHECK(lowest >= 27.0);
  CHECK(lowest < 27.2);
  CHECK(highest <= 33.0);
  CHECK(highest > 32.8);
  CHECK(keepalive_interval(std::chrono::seconds{1}, random) >= std::chrono::milliseconds{900});
}

// SPDX-License-Identifier: Apache-2.0
#include "rtsp/stale_sessions.hpp"

#include <doctest/doctest.h>

#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto bad_tool = "LIVE555 Streaming Media v2013.02.11";

void play_as(dialogue& d, const std::string& tool) {
  d.connect();
  d.answer_options();
  d.reply("200 OK", "", "v=0\r\na=tool:" + tool + "\r\n" + std::string{description}.substr(19));
  d.answer_setup();
  d.answer_play();
}

}  // namespace

TEST_CASE("stale sessions: others wait until a lost session is torn down or has expired") {
  stale_sessions guard;
  CHECK(guard.may_dial_at("h:554", "a", 5) == 5);
  guard.lost("h:554", "a", 1000);
  guard.lost("h:554", "b", 2000);
  CHECK(guard.may_dial_at("h:554", "a", 5) == 2000);
  CHECK(guard.may_dial_at("h:554", "b", 5) == 1000);
  CHECK(guard.may_dial_at("h:554", "c", 5) == 2000);
  CHECK(guard.may_dial_at("other:554", "c", 5) == 5);
  guard.gone("h:554", "b");
  CHECK(guard.may_dial_at("h:554", "c", 5) == 1000);
  CHECK(guard.may_dial_at("h:554", "c", 1000) == 1000);
  CHECK(guard.may_dial_at("h:554", "c", 5) == 5);
  guard.gone("h:554", "nobody");
}

TEST_CASE("stale sessions: the servers that need it are known by their names") {
  CHECK(sends_into_strangers(bad_tool, ""));
  CHECK(sends_into_strangers("", "x LIVE555 Streaming Media v2017.05.30"));
  CHECK_FALSE(sends_into_strangers("LIVE555 Streaming Media v2017.06.04", ""));
  CHECK_FALSE(sends_into_strangers("LIVE555 Streaming Media v2020.01.01", ""));
  CHECK_FALSE(sends_into_strangers("LIVE555 Streaming Media v2", "Hikvision"));
  CHECK_FALSE(sends_into_strangers("", ""));
}

TEST_CASE("stale sessions: a lost session of such a server is remembered, an ended one is not") {
  dialogue lost;
  play_as(lost, bad_tool);
  lost.session.on_disconnected(lost.now);
  REQUIRE(lost.session.memory().stale);
  CHECK(lost.session.memory().stale->id == "4711");
  CHECK(lost.session.memory().stale->expires_at == lost.now + to_ns(65s));

  dialogue ended;
  play_as(ended, bad_tool);
  ended.session.begin_teardown(ended.now);
  ended.reply("454 Session Not Found");
  CHECK_FALSE(ended.session.memory().stale);

  dialogue unanswered;
  play_as(unanswered, bad_tool);
  unanswered.session.begin_teardown(unanswered.now);
  unanswered.wait(1s);
  CHECK(unanswered.session.memory().stale);

  dialogue good;
  play_as(good, "LIVE555 Streaming Media v2020.01.01");
  good.session.on_disconnected(good.now);
  CHECK_FALSE(good.session.memory().stale);
}

TEST_CASE("stale sessions: the policies always and off decide for every server") {
  for (const auto policy : {stale_session_policy::always, stale_session_policy::off}) {
    auto options = ordinary_options();
    options.policies.stale_session_guard = policy;
    dialogue d{options};
    play_as(d, policy == stale_session_policy::off ? bad_tool : "cam");
    d.session.on_disconnected(d.now);
    CHECK(d.session.memory().stale.has_value() == (policy == stale_session_policy::always));
  }
}

TEST_CASE("stale sessions: the next connection tears it down before it asks for anything") {
  for (const auto* status : {"200 OK", "454 Session Not Found", "500 Internal Server Error"}) {
    auto options = ordinary_options();
    options.memory.stale = stale_session{"old", "rtsp://127.1.0.1:8554/stream/", to_ns(200s)};
    dialogue d{options};
    d.connect();
    d.answer_options();
    CHECK(d.last().method == "TEARDOWN");
    CHECK(d.last().uri == "rtsp://127.1.0.1:8554/stream/");
    CHECK(d.header("Session") == "old");
    d.say(framed(0, rtp_text(1, "of the old one")));
    d.reply(status);
    CHECK(d.last().method == "DESCRIBE");
    CHECK(d.header("Session") == "<absent>");
    CHECK_FALSE(d.session.memory().stale);
    CHECK(d.session.counters().stale_teardowns == 1);
    CHECK(d.rtp_packets.empty());
  }
}

TEST_CASE(
    "stale sessions: its TEARDOWN is authorised when the server asks, and an expired one is not "
    "sent") {
  auto options = ordinary_options();
  options.memory.stale = stale_session{"old", "rtsp://127.1.0.1:8554/stream/", to_ns(200s)};
  dialogue d{options};
  d.connect();
  d.answer_options();
  d.reply("401 No", "WWW-Authenticate: Digest realm=\"c\", nonce=\"n\"\r\n");
  CHECK(d.last().method == "TEARDOWN");
  CHECK(d.header("Authorization").find("uri=\"rtsp://127.1.0.1:8554/stream/\"") !=
        std::string::npos);
  CHECK(d.header("Session") == "old");
  d.reply("200 OK");
  CHECK(d.last().method == "DESCRIBE");

  options.memory.stale->expires_at = to_ns(99s);
  dialogue late{options};
  late.connect();
  late.answer_options();
  CHECK(late.last().method == "DESCRIBE");
}

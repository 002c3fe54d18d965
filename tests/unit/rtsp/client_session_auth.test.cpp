// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "rtsp/auth.hpp"
#include "rtsp/client_session.hpp"
#include "unit/rtsp/dialogue.hpp"

using namespace vigie;
using namespace vigie::rtsp;
using namespace vigie::tests;
using namespace std::chrono_literals;

namespace {

std::string challenge_text(std::string_view nonce, bool is_stale = false) {
  return "WWW-Authenticate: Basic realm=\"cam\"\r\nWWW-Authenticate: Digest realm=\"cam\", "
         "nonce=\"" +
         std::string{nonce} + (is_stale ? "\", stale=true\r\n" : "\"\r\n");
}

/// True when the last request carries the right digest for `nonce`.
bool is_answered(const dialogue& d, std::string_view nonce) {
  challenge from_server;
  from_server.realm = "cam";
  from_server.nonce = nonce;
  const auto expected = digest_response(from_server, "vigie", secret{"hunter2-secret"},
                                        d.last().method, d.last().uri, "", "");
  const auto sent = d.header("Authorization");
  return sent.find("response=\"" + expected + "\"") != std::string::npos &&
         sent.find("uri=\"" + d.last().uri + "\"") != std::string::npos &&
         sent.find("hunter2") == std::string::npos;
}

std::size_t count_of(const dialogue& d, std::string_view method) {
  return static_cast<std::size_t>(std::count_if(d.requests.begin(), d.requests.end(),
                                                [&](const auto& r) { return r.method == method; }));
}

}  // namespace

TEST_CASE("session: a challenge to DESCRIBE is answered once, later requests carry it unasked") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  CHECK(d.last().method == "DESCRIBE");
  CHECK(is_answered(d, "n1"));
  CHECK(d.log.empty());
  d.answer_describe();
  CHECK(d.log == std::vector<std::string>{"authenticated"});
  CHECK(is_answered(d, "n1"));
  d.answer_setup();
  CHECK(is_answered(d, "n1"));
  d.answer_play();
  d.wait_for_deadline();
  CHECK(d.last().method == "GET_PARAMETER");
  CHECK(is_answered(d, "n1"));
}

TEST_CASE("session: a second 401 is auth_rejected, after exactly one attempt") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.reply("401 Unauthorized", challenge_text("n2"));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_rejected);
  CHECK(count_of(d, "DESCRIBE") == 2);
}

TEST_CASE("session: a challenge to OPTIONS serves DESCRIBE") {
  dialogue d;
  d.connect();
  d.reply("401 Unauthorized", challenge_text("n1"));
  CHECK(d.last().method == "DESCRIBE");
  CHECK(is_answered(d, "n1"));
  d.answer_describe();
  CHECK(d.last().method == "SETUP");
}

TEST_CASE("digest: a stale nonce is retried once, an endless stale loop is not") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.reply("401 Unauthorized", challenge_text("n2", true));
  CHECK(!d.is_closed());
  CHECK(is_answered(d, "n2"));
  CHECK(d.session.counters().stale_nonces == 1);
  d.reply("401 Unauthorized", challenge_text("n3", true));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_rejected);
}

TEST_CASE("digest: a nonce that changes between two requests is taken up without stale=true") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.answer_describe();
  d.reply("401 Unauthorized", challenge_text("n2"));
  CHECK(d.last().method == "SETUP");
  CHECK(is_answered(d, "n2"));
  d.answer_setup();
  d.answer_play();
  CHECK(d.session.state() == session_state::playing);
}

TEST_CASE("digest: a nonce gone stale in mid-session is renewed by the keep-alive") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.answer_describe();
  d.answer_setup();
  d.answer_play();
  d.wait_for_deadline();
  d.reply("401 Unauthorized", challenge_text("n2", true));
  CHECK(count_of(d, "GET_PARAMETER") == 2);
  CHECK(is_answered(d, "n2"));
  d.reply("401 Unauthorized", challenge_text("n3", true));
  CHECK(count_of(d, "GET_PARAMETER") == 2);
  CHECK(d.session.state() == session_state::playing);
}

TEST_CASE("session: the same nonce refused again is a wrong password, in every request") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.answer_describe();
  d.reply("401 Unauthorized", challenge_text("n1"));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_rejected);
}

TEST_CASE("session: without a name a challenge is a configuration error") {
  auto options = ordinary_options();
  options.username.clear();
  dialogue d{options};
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("n1"));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_rejected);
  CHECK(class_of(d.failure->code) == error_class::configuration_fatal);
}

TEST_CASE("session: the password never leaves as Basic over plain TCP") {
  dialogue d;
  d.connect();
  d.answer_options();
  d.reply("401 Unauthorized", "WWW-Authenticate: Basic realm=\"cam\"\r\n");
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_unsupported);
  CHECK(count_of(d, "DESCRIBE") == 1);

  auto options = ordinary_options();
  options.policies.auth = auth_policy::allow_basic;
  dialogue allowed{options};
  allowed.connect();
  allowed.answer_options();
  allowed.reply("401 Unauthorized", "WWW-Authenticate: Basic realm=\"cam\"\r\n");
  CHECK(allowed.header("Authorization").starts_with("Basic "));
  allowed.reply("401 Unauthorized", "WWW-Authenticate: Basic realm=\"cam\"\r\n");
  CHECK(allowed.failure->code == errc::auth_rejected);
}

// -- redirects ----------------------------------------------------------------------------------

namespace {

void follow_to_describe(dialogue& d) {
  d.connect();
  d.answer_options();
  REQUIRE(d.last().method == "DESCRIBE");
}

std::string redirect_to(const dialogue& d) { return d.log.empty() ? "" : d.log.back(); }

}  // namespace

TEST_CASE("session: a redirect on the same host is dialled anew from the start") {
  dialogue d;
  follow_to_describe(d);
  d.reply("401 Unauthorized", challenge_text("n1"));
  d.reply("302 Found", "Location: rtsp://127.1.0.1:9554/other\r\n");
  CHECK(redirect_to(d) == "redirect rtsp://127.1.0.1:9554/other");
  CHECK(d.session.state() == session_state::idle);
  CHECK(!d.session.next_deadline());
  d.session.on_disconnected(d.now);
  d.wait(1min);  // dialling has its own deadline, the shell's
  d.say("RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n");
  d.connect();
  CHECK(d.last().method == "OPTIONS");
  CHECK(d.last().uri == "rtsp://127.1.0.1:9554/other");
  CHECK(d.header("Authorization") == "<absent>");
  d.answer_options();
  d.reply("401 Unauthorized", challenge_text("m1"));
  CHECK(is_answered(d, "m1"));
}

TEST_CASE("session: endless redirects end at the fourth") {
  dialogue d;
  for (int hop = 1; hop <= 4; ++hop) {
    follow_to_describe(d);
    d.reply("301 Moved", "Location: rtsp://127.1.0.1:8554/hop" + std::to_string(hop) + "\r\n");
  }
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::rtsp_redirect_limit);
  CHECK(d.session.counters().redirects == 3);
}

TEST_CASE("session: redirects to other hosts, to less security or to nowhere are refused") {
  for (const auto* location : {"rtsp://10.9.9.9/stream", "http://127.1.0.1/", "", "/relative",
                               "rtsp://user:pw@127.1.0.1/x"}) {
    dialogue d;
    follow_to_describe(d);
    d.reply("302 Found", "Location: " + std::string{location} + "\r\n");
    REQUIRE(d.is_closed());
    CHECK_MESSAGE(d.failure->code == errc::rtsp_redirect_limit, location);
  }
  auto options = ordinary_options();
  options.target = parse_url("rtsps://127.1.0.1/stream").value();
  dialogue secure{options};
  follow_to_describe(secure);
  secure.reply("302 Found", "Location: rtsp://127.1.0.1/stream\r\n");
  REQUIRE(secure.is_closed());
  CHECK(secure.failure->code == errc::rtsp_redirect_limit);
}

TEST_CASE("session: where other hosts are allowed they never see name or password") {
  auto options = ordinary_options();
  options.policies.redirects = redirect_policy::any_without_credentials;
  dialogue d{options};
  follow_to_describe(d);
  d.reply("302 Found", "Location: rtsp://10.9.9.9/stream\r\n");
  CHECK(redirect_to(d) == "redirect rtsp://10.9.9.9/stream");
  follow_to_describe(d);
  d.reply("401 Unauthorized", challenge_text("n1"));
  REQUIRE(d.is_closed());
  CHECK(d.failure->code == errc::auth_rejected);
  for (const auto& sent : d.requests) CHECK(to_text(sent).find("vigie\"") == std::string::npos);
}

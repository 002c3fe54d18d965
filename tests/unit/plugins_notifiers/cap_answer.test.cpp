// SPDX-License-Identifier: Apache-2.0
#include "cap_https/answer.hpp"

#include <doctest/doctest.h>

#include "recipients/cap_desk.hpp"

using namespace vigie;

namespace {

const cap::message_name ours{"csu.example", "inc-42", "2026-11-21T18:14:00+01:00"};
const cap::sent_alert sent{ours, "Actual", "corg.example"};

simulators::cap_message as_read() {
  return {ours.identifier, ours.sender, ours.sent, "Actual", "Alert", {}};
}

std::string reply(const simulators::cap_message& about, std::string_view type,
                  const std::string& sender = "corg.example") {
  return simulators::write_cap_reply(about, type, sender, "ack-9", "2026-11-21T17:15:00-00:00",
                                     "prise en compte");
}

std::int32_t kind_of(const std::string& body) { return cap::read_answer(sent, body)->kind; }

}  // namespace

TEST_CASE("cap answer: an Ack of ours acknowledges and gives its number") {
  const auto done = cap::read_answer(sent, reply(as_read(), "Ack"));
  REQUIRE(done);
  CHECK(done->kind == VIGIE_DELIVERY_ACKNOWLEDGED);
  CHECK(done->reference == "ack-9");
  CHECK(done->text == "prise en compte");
}

TEST_CASE("cap answer: the same Ack twice acknowledges once") {
  CHECK(kind_of(reply(as_read(), "Ack") + reply(as_read(), "Ack")) == VIGIE_DELIVERY_ACKNOWLEDGED);
}

TEST_CASE("cap answer: no body is a delivery") {
  CHECK(kind_of("") == VIGIE_DELIVERY_DELIVERED);
  CHECK(kind_of(" \r\n") == VIGIE_DELIVERY_DELIVERED);
}

TEST_CASE("cap answer: a forged or foreign Ack acknowledges nothing and is told") {
  auto other = as_read();
  other.identifier = "inc-4";
  auto later = as_read();
  later.sent = "2026-11-21T18:14:01+01:00";
  auto exercise = as_read();
  exercise.status = "Exercise";
  for (const std::string& body :
       {reply(other, "Ack"), reply(later, "Ack"), reply(exercise, "Ack"),
        reply(as_read(), "Ack", "stranger.example"), reply(as_read(), "Alert"),
        std::string{"<alert><<"}, std::string{"ok"}, std::string{"<html/>"},
        std::string{"<alert><msgType>Ack</msgType></alert>"}}) {
    CAPTURE(body);
    const auto done = cap::read_answer(sent, body);
    REQUIRE(done);
    CHECK(done->kind == VIGIE_DELIVERY_DELIVERED);
    CHECK(done->text.starts_with("answer ignored"));
  }
}

TEST_CASE("cap answer: ours among several references is found") {
  auto listed = as_read();
  std::string body = reply(listed, "Ack");
  body.replace(body.find("<references>"), 12, "<references>x.example,1,2026-01-01T00:00:00+01:00 ");
  CHECK(kind_of(body) == VIGIE_DELIVERY_ACKNOWLEDGED);
}

TEST_CASE("cap answer: an Error about ours is a refusal that is not tried again") {
  const auto done = cap::read_answer(sent, reply(as_read(), "Error"));
  REQUIRE_FALSE(done);
  CHECK(done.error().status == VIGIE_E_UNSUPPORTED);
}

TEST_CASE("cap answer: every prefix of an Ack is read without harm") {
  const std::string ack = reply(as_read(), "Ack");
  for (std::size_t length = 0; length + 1 < ack.size(); ++length)
    CHECK(kind_of(ack.substr(0, length)) == VIGIE_DELIVERY_DELIVERED);
}

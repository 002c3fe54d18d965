// SPDX-License-Identifier: Apache-2.0
#include "webhook/message.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "recipients/webhook_desk.hpp"
#include "sample.hpp"

using namespace vigie;
using vigie::test::sample;

namespace {
constexpr std::string_view secret = "0123456789abcdef";
constexpr std::int64_t at_s = 1'700'000'000;

simulators::webhook_headers headers_of(std::string_view body, std::int64_t timestamp_s) {
  simulators::webhook_headers read;
  for (const std::string& line :
       webhook::write_headers(sample().key, secret, "", timestamp_s, body)) {
    const auto value = line.substr(line.find(": ") + 2);
    if (line.starts_with("Idempotency-Key")) read.idempotency_key = value;
    if (line.starts_with("Vigie-Timestamp")) read.timestamp = value;
    if (line.starts_with("Vigie-Signature")) read.signature = value;
  }
  return read;
}
}  // namespace

TEST_CASE("webhook: the signature is HMAC-SHA256 over time, dot and body") {
  // Computed with Python's hmac module.
  CHECK(webhook::sign(secret, at_s, R"({"key":"a"})") ==
        "f1581066bd76243285042676d3f4841f31c3459e42c01ea97ce67119b8842bad");
}

TEST_CASE("webhook: the recipient believes what is signed, within its window only") {
  const std::string body = webhook::write_body(sample());
  const auto headers = headers_of(body, at_s);
  CHECK(simulators::judge_webhook(headers, body, secret, at_s, 300).empty());
  CHECK(simulators::judge_webhook(headers, body, secret, at_s + 300, 300).empty());
  CHECK(simulators::judge_webhook(headers, body, secret, at_s + 301, 300) ==
        "outside the replay window");
  CHECK(simulators::judge_webhook(headers, body, secret, at_s - 301, 300) ==
        "outside the replay window");
  CHECK(simulators::judge_webhook(headers, body, "another secret..", at_s, 300) ==
        "wrong signature");
}

TEST_CASE("webhook: any changed byte of body, time or key is seen") {
  const std::string body = webhook::write_body(sample());
  const auto headers = headers_of(body, at_s);
  for (std::size_t i = 0; i < body.size(); ++i) {
    std::string other = body;
    other[i] = static_cast<char>(other[i] ^ 1);
    CHECK_FALSE(simulators::judge_webhook(headers, other, secret, at_s, 300).empty());
  }
  auto later = headers;
  later.timestamp = std::to_string(at_s + 1);
  CHECK(simulators::judge_webhook(later, body, secret, at_s, 300) == "wrong signature");
  auto renamed = headers;
  renamed.idempotency_key += "x";
  CHECK(simulators::judge_webhook(renamed, body, secret, at_s, 300) == "the key is not the body's");
}

TEST_CASE("webhook: the body says what happened and nothing about the operator") {
  auto n = sample();
  n.status = VIGIE_NOTIFY_EXERCISE;
  const auto body = nlohmann::json::parse(webhook::write_body(n));
  CHECK(body["v"] == 1);
  CHECK(body["kind"] == "notification");
  CHECK(body["status"] == "exercise");
  CHECK(body["key"] == "inc-42%2Fcorg-95");
  CHECK(body["at"] == "2026-11-21T17:14:00.000Z");
  CHECK(body["commune"] == "95018");
  CHECK(body["latitude"] == doctest::Approx(48.9475));
  CHECK_FALSE(body.contains("operator"));
  CHECK_FALSE(body.contains("operator_id"));
  CHECK(webhook::write_body(n) == webhook::write_body(n));
}

TEST_CASE("webhook: what a status means to the host") {
  const auto status_of = [](long http) {
    const auto done = webhook::read_answer(http, "");
    return done ? VIGIE_OK : done.error().status;
  };
  for (const long http : {200, 201, 202, 204, 409}) CHECK(status_of(http) == VIGIE_OK);
  for (const long http : {401, 403}) CHECK(status_of(http) == VIGIE_E_AUTH);
  for (const long http : {408, 425, 429, 500, 502, 503, 504}) CHECK(status_of(http) == VIGIE_E_IO);
  for (const long http : {301, 302, 307, 400, 404, 410, 413, 422})
    CHECK(status_of(http) == VIGIE_E_UNSUPPORTED);
}

TEST_CASE("webhook: reference and acknowledgement are taken from a JSON answer only") {
  CHECK(webhook::read_answer(200, R"({"reference":"h-1"})")->reference == "h-1");
  CHECK(webhook::read_answer(200, R"({"acknowledged":true})")->kind == VIGIE_DELIVERY_ACKNOWLEDGED);
  for (const char* body : {R"({"acknowledged":"true"})", R"({"acknowledged":1})", "{", "[]", "",
                           R"({"reference":7})", "\x01\xFF"})
    CHECK(webhook::read_answer(200, body)->kind == VIGIE_DELIVERY_DELIVERED);
}

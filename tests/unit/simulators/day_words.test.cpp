// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "day/centre_words.hpp"
#include "day/day_account.hpp"
#include "day/day_clock.hpp"

namespace {

using namespace std::chrono_literals;
using namespace vigie::simulators;
using nlohmann::json;

TEST_CASE("day clock: a hundred times as fast, and quiet hours may be left out") {
  const day_clock::wall start{};
  day_clock clock{100, start};
  CHECK(clock.at(start) == 0ms);
  CHECK(clock.at(start + 1s) == 100s);
  CHECK(clock.until(200s, start + 1s) >= 1000ms);
  CHECK(clock.until(200s, start + 1s) < 1010ms);
  CHECK(clock.until(50s, start + 1s) <= 1ms);
  clock.skip_to(3h, start + 1s);
  CHECK(clock.at(start + 1s) == 3h);
  clock.skip_to(1h, start + 1s);
  CHECK(clock.at(start + 1s) == 3h);
  CHECK(clock.at(start + 2s) == 3h + 100s);
}

TEST_CASE("centre words: an incident is read where it is whole, and nowhere else") {
  const json whole{{"id", "i-1"},        {"state", "queued"},
                   {"revision", 2},      {"priority", {{"score", 75}}},
                   {"kind", "incident"}, {"delivery", {{"state", "needs_human"}}}};
  const auto news = read_news(whole.dump());
  REQUIRE(news);
  CHECK(news->id == "i-1");
  CHECK(news->revision == 2);
  CHECK(news->score == 75);
  CHECK(news->needs_call);
  for (const char* part : {"id", "state", "revision"}) {
    json broken = whole;
    broken.erase(part);
    CHECK_FALSE(read_news(broken.dump()));
  }
  for (const char* text : {"", "{", "[]", "7", "\xff\xfe"}) CHECK_FALSE(read_news(text));
}

TEST_CASE("centre words: a refusal keeps its code and its rule") {
  const auto refused = read_answer(
      R"({"kind":"error","error":{"code":"access_denied","rule":"LEG-02","en":"expired"}})");
  CHECK(refused.refusal == "access_denied");
  CHECK(refused.rule == "LEG-02");
  CHECK_FALSE(refused.incident);
  CHECK(read_answer("{").refusal == "unreadable");
  CHECK(read_answer(R"({"kind":"error"})").refusal == "unnamed");
}

TEST_CASE(
    "centre words: an operator tells the force of the place, and nobody routing does not open") {
  const auto open = read_recipients(
      R"({"recipients":[{"id":"corg-60","kind":"gendarmerie_corg"},{"id":"cta","kind":"fire_rescue_cta"}]})");
  REQUIRE(open.size() == 2);
  CHECK(choose_recipient(open, day_told::state_force)->id == "corg-60");
  CHECK(choose_recipient(open, day_told::fire_rescue)->id == "cta");
  CHECK_FALSE(choose_recipient(open, day_told::municipal_police));
  CHECK_FALSE(choose_recipient(open, day_told::guarding));
  CHECK_FALSE(choose_recipient(open, day_told::nobody));
}

TEST_CASE(
    "centre words: purposes are learnt camera by camera, a partial snapshot says what to ask") {
  const auto learnt = read_snapshot(
      R"({"communes":[{"commune":"60057","sites":[{"cameras":[{"camera":"cam-0001","purposes":["rescue_and_fire"]},
          {"camera":"cam-0002"}]}]}]})");
  CHECK(learnt.purposes.size() == 1);
  CHECK(learnt.purposes.at("cam-0001") == "rescue_and_fire");
  CHECK(learnt.communes_to_ask.empty());
  const auto partial = read_snapshot(R"({"partial":true,"communes":[{"commune":"60057"}]})");
  CHECK(partial.communes_to_ask == std::vector<std::string>{"60057"});
}

TEST_CASE(
    "centre words: every act names incident, authority and revision; a verdict says what was "
    "seen") {
  day_entry e;
  e.number = 3;
  e.insee = "60057";
  e.told = day_told::state_force;
  e.truth = day_truth::real;
  for (const deed_kind kind : {deed_kind::claim, deed_kind::verify, deed_kind::conclude,
                               deed_kind::monitor, deed_kind::propose, deed_kind::approve,
                               deed_kind::call, deed_kind::intervene, deed_kind::close}) {
    const json body = json::parse(ask_act({"c-1", "t"}, {kind, &e, 0, "i-1", 7}, "police"));
    CHECK(body["incident"] == "i-1");
    CHECK(body["authority"] == "60057");
    CHECK(body["revision"] == 7);
    CHECK(body["correlation"] == "c-1");
    CHECK_FALSE(request_of(kind).empty());
    CHECK(body.contains("text") ==
          (kind == deed_kind::conclude || kind == deed_kind::call || kind == deed_kind::close));
  }
  const auto verdict = [&] {
    return json::parse(ask_act({"c", "t"}, {deed_kind::conclude, &e, 0, "i", 1}, ""))["verdict"];
  };
  CHECK(verdict() == "confirmed");
  e.told = day_told::nobody;
  CHECK(verdict() == "inconclusive");
  e.truth = day_truth::nothing;
  CHECK(verdict() == "false_alarm");
}

TEST_CASE("day account: counts what came to pass, and every effect beyond the first") {
  day_options o;
  o.seed = 3;
  o.centre = sizes_of("strasbourg").value();
  const day_plan plan = make_day_plan(o).value();
  const duty_room room{plan, 1};
  day_counts counts;
  counts.ledger =
      R"({"taken":[{"effects":1,"conflicts":0},{"effects":3,"conflicts":0},{"effects":1,"conflicts":1}],
          "turned_away":[{"why":"x"}],"recipients":{}})";
  const json account = json::parse(day_account(plan, room, counts));
  CHECK(account["raised"] == 0);
  CHECK(account["is_over"] == false);
  CHECK(account["double_effects"] == 3);
  CHECK(account["turned_away"] == 1);
  CHECK(account["totals"]["alarms_checked"] == 0);
  CHECK(account["delays"].empty());
  counts.ledger = "";
  CHECK_FALSE(json::parse(day_account(plan, room, counts)).contains("double_effects"));
}

}  // namespace

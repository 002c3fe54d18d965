// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_gate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "unit/domain/gate_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace vigie::test;

namespace {

const gate_condition& named(const gate_answer& answer, std::string_view name) {
  const auto found = std::find_if(answer.conditions.begin(), answer.conditions.end(),
                                  [&](const gate_condition& c) { return c.name == name; });
  REQUIRE(found != answer.conditions.end());
  return *found;
}

}  // namespace

TEST_CASE("analysis gate: a technical analysis looks, whatever else is missing") {
  auto q = zone_question();
  q.purpose = analysis_purpose::technical;
  const auto answer = ask_gate(q, {});
  CHECK(answer.is_open);
  CHECK(answer.open_until == end_of_time);
  CHECK(to_result(answer));
}

TEST_CASE("analysis gate: statistics look only where a threshold is set") {
  auto q = zone_question();
  q.purpose = analysis_purpose::statistical;
  gate_rules rules;
  const auto refused = to_result(ask_gate(q, rules));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::access_denied);
  CHECK(refused.error().detail.starts_with("LEG-57: "));
  rules.aggregation_threshold = 10;
  CHECK(ask_gate(q, rules).is_open);
}

TEST_CASE("analysis gate: a count below the threshold and a single event never leave") {
  CHECK(judge_statistic("count_aggregate", 10, 10) == statistic_verdict::published);
  CHECK(judge_statistic("count_aggregate", 9, 10) == statistic_verdict::suppressed);
  CHECK(judge_statistic("count_aggregate", 0, 10) == statistic_verdict::suppressed);
  CHECK(judge_statistic("count_aggregate", 9, 0) == statistic_verdict::suppressed);
  CHECK(judge_statistic("forbidden_zone", 50, 10) == statistic_verdict::single_event);
}

TEST_CASE("analysis gate: with nothing set, a security event is denied by LEG-50") {
  gate_rules nothing;
  const auto answer = ask_gate(zone_question(), nothing);
  CHECK_FALSE(answer.is_open);
  CHECK(answer.open_until == 0);
  REQUIRE(answer.refusal() != nullptr);
  CHECK(answer.refusal()->rule == "LEG-50");
  CHECK_FALSE(answer.refusal()->en.empty());
  CHECK_FALSE(answer.refusal()->fr.empty());
  CHECK_FALSE(answer.refusal()->who_en.empty());
  CHECK_FALSE(answer.refusal()->who_fr.empty());
  CHECK(to_result(answer).error().detail.starts_with("LEG-50: "));
}

TEST_CASE("analysis gate: a matching basis and two persons open it, until the earlier end") {
  auto rules = open_rules();
  auto answer = ask_gate(zone_question(), rules);
  CHECK(answer.is_open);
  CHECK(answer.basis == "TEST-2026-1");
  CHECK(answer.open_until == gate_end);
  CHECK(answer.refusal() == nullptr);
  rules.enablings[0].until = gate_end - 5 * second_us;
  CHECK(ask_gate(zone_question(), rules).open_until == gate_end - 5 * second_us);
}

TEST_CASE("analysis gate: the basis counts from its first second to the last before its end") {
  auto rules = open_rules();
  rules.enablings[0] = {"org.test.zone", camera_id{"cam-0001"}, "alba", "bruno", 0, end_of_time};
  CHECK_FALSE(ask_gate(zone_question(gate_start - 1), rules).is_open);
  CHECK(ask_gate(zone_question(gate_start), rules).is_open);
  CHECK(ask_gate(zone_question(gate_end - 1), rules).is_open);
  const auto over = ask_gate(zone_question(gate_end), rules);
  CHECK_FALSE(over.is_open);
  CHECK_FALSE(named(over, "period").holds);
}

TEST_CASE("analysis gate: each condition alone shuts it, and says so by its name and rule") {
  struct one {
    std::string_view name;
    std::string_view rule;
    std::function<void(analysis_question&, gate_rules&)> spoil;
  };
  const std::vector<one> all{
      {"event_types", "LEG-51", [](auto& q, auto&) { q.events = {"loitering"}; }},
      {"event_types", "LEG-51", [](auto& q, auto&) { q.events.clear(); }},
      {"purposes", "LEG-10",
       [](auto& q, auto&) { q.camera_purposes = {purpose::transport_flow_regulation}; }},
      {"purposes", "LEG-10", [](auto& q, auto&) { q.purposes.clear(); }},
      {"signature", "LEG-53", [](auto&, auto& r) { r.bases_trouble = "it is not signed"; }},
      {"enabled", "LEG-53", [](auto&, auto& r) { r.bases[0].is_enabled = false; }},
      {"period", "LEG-53", [](auto&, auto& r) { r.bases[0].valid_until = gate_start; }},
      {"event", "LEG-51", [](auto&, auto& r) { r.bases[0].events = {authorised_event::fire}; }},
      {"event", "LEG-51",
       [](auto& q, auto&) {
         q.events = {"forbidden_zone", "fire"};
       }},
      {"controller", "LEG-51",
       [](auto& q, auto&) { q.controller = controller_kind::joint_authority; }},
      {"place", "LEG-51", [](auto&, auto& r) { r.bases[0].cameras = {camera_id{"cam-0002"}}; }},
      {"legal_basis", "LEG-50", [](auto&, auto& r) { r.bases.clear(); }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings.clear(); }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings[0].privacy_officer = "alba"; }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings[0].administrator.clear(); }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings[0].until = gate_start; }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings[0].plugin = "org.test.other"; }},
      {"two_persons", "M17", [](auto&, auto& r) { r.enablings[0].camera = camera_id{"cam-0002"}; }},
  };
  for (const auto& each : all) {
    auto q = zone_question();
    auto rules = open_rules();
    REQUIRE(ask_gate(q, rules).is_open);
    each.spoil(q, rules);
    const auto answer = ask_gate(q, rules);
    CAPTURE(each.name);
    CHECK_FALSE(answer.is_open);
    CHECK(answer.open_until == 0);
    REQUIRE(answer.refusal() != nullptr);
    const auto& why = named(answer, each.name);
    CHECK_FALSE(why.holds);
    CHECK(why.rule == each.rule);
    CHECK_FALSE(why.who_en.empty());
    CHECK_FALSE(why.who_fr.empty());
  }
}

TEST_CASE("analysis gate: a commune in the basis stands for all its cameras") {
  auto rules = open_rules();
  rules.bases[0].cameras.clear();
  CHECK_FALSE(ask_gate(zone_question(), rules).is_open);
  rules.bases[0].communes = {commune_id{"95018"}};
  CHECK(ask_gate(zone_question(), rules).is_open);
}

TEST_CASE("analysis gate: a second basis may open what the first does not") {
  auto rules = open_rules();
  auto over = zone_basis();
  over.id = "OLD";
  over.valid_until = gate_start;
  rules.bases.insert(rules.bases.begin(), over);
  const auto answer = ask_gate(zone_question(), rules);
  CHECK(answer.is_open);
  CHECK(answer.basis == "TEST-2026-1");
}

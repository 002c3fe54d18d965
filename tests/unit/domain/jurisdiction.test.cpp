// SPDX-License-Identifier: Apache-2.0
#include "domain/jurisdiction.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/time_text.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono;

namespace {

utc_us at(std::string_view text) {
  const auto instant = from_rfc3339(text);
  REQUIRE(instant);
  return *instant;
}

const commune_id cergy{"95127"};
const commune_id meriel{"95392"};
const polygon square{{49.0, 2.0}, {49.0, 2.1}, {49.1, 2.1}, {49.1, 2.0}};

recipient_entry of(std::string id, recipient_kind kind) {
  recipient_entry out;
  out.id = std::move(id);
  out.kind = kind;
  out.kinds = usual_kinds(kind);
  return out;
}

recipient_entry municipal() {
  auto out = of("pm", recipient_kind::municipal_police);
  out.communes = {cergy};
  out.line = 70;
  out.permission =
      police_permission{"act 12", 2026y / 1 / 15, {2026y / 2 / 1, 2026y / 12 / 31}, "", 80};
  return out;
}

routing_table centre() {
  routing_table out;
  out.zones = {{cergy, state_force::police, {}, {}, 10},
               {meriel, state_force::gendarmerie, {}, {}, 20}};
  out.recipients = {of("maintenance", recipient_kind::maintenance_contractor), municipal(),
                    of("corg", recipient_kind::gendarmerie_corg),
                    of("cic", recipient_kind::national_police_cic),
                    of("cta", recipient_kind::fire_rescue_cta)};
  return out;
}

std::vector<std::string> told(const routing& answer) {
  std::vector<std::string> out;
  for (const auto& verdict : answer.told) out.push_back(verdict.who->id);
  return out;
}

/// Why one of them is not told; empty when it is.
routing_verdict refusal_of(const routing& answer, std::string_view id) {
  for (const auto& verdict : answer.refused)
    if (verdict.who->id == id) return verdict;
  return {};
}

using names = std::vector<std::string>;
constexpr auto noon = "2026-06-10T10:00:00Z";  // 12:00 in Paris

}  // namespace

TEST_SUITE_BEGIN("jurisdiction");

TEST_CASE("clocks in Paris change at 01:00 UTC on the last Sundays of March and October") {
  const auto shows = [](std::string_view instant) {
    const auto t = paris_time(at(instant));
    return to_text(t.date) + " " + clock_text(t.minute);
  };
  CHECK(shows("2026-03-29T00:59:59.999Z") == "2026-03-29 01:59");
  CHECK(shows("2026-03-29T01:00:00Z") == "2026-03-29 03:00");
  CHECK(shows("2026-10-25T00:59:59Z") == "2026-10-25 02:59");
  CHECK(shows("2026-10-25T01:00:00Z") == "2026-10-25 02:00");
  CHECK(shows("2026-12-31T23:00:00Z") == "2027-01-01 00:00");
  CHECK(shows("2027-03-28T01:00:00Z") == "2027-03-28 03:00");
  CHECK(paris_time(at(noon)).offset_minutes == 120);
}

TEST_CASE(
    "a local time is one instant, none in the hour left out, two in the hour that comes twice") {
  using instants = std::vector<utc_us>;
  CHECK(instants_of(2026y / 6 / 10, 720) == instants{at(noon)});
  CHECK(instants_of(2026y / 3 / 29, 119) == instants{at("2026-03-29T00:59:00Z")});
  CHECK(instants_of(2026y / 3 / 29, 120).empty());
  CHECK(instants_of(2026y / 3 / 29, 179).empty());
  CHECK(instants_of(2026y / 3 / 29, 180) == instants{at("2026-03-29T01:00:00Z")});
  CHECK(instants_of(2026y / 10 / 25, 119) == instants{at("2026-10-24T23:59:00Z")});
  CHECK(instants_of(2026y / 10 / 25, 120) ==
        instants{at("2026-10-25T00:00:00Z"), at("2026-10-25T01:00:00Z")});
  CHECK(instants_of(2026y / 10 / 25, 180) == instants{at("2026-10-25T02:00:00Z")});
  CHECK(instants_of(2026y / 2 / 29, 0).empty());
  CHECK(instants_of(2026y / 2 / 28, 1440).empty());
}

TEST_CASE("every minute of two years is shown by the instants that claim it") {
  const utc_us end = at("2028-01-01T00:00:00Z");
  for (utc_us t = at("2026-01-01T00:00:00Z"); t < end; t += 60'000'000) {
    const auto shown = paris_time(t);
    const auto back = instants_of(shown.date, shown.minute);
    if (std::find(back.begin(), back.end(), t) == back.end()) FAIL_CHECK(to_rfc3339(t));
  }
}

TEST_CASE("hours of a day end before their end, and may go past midnight") {
  const day_hours day{360, 1380};
  CHECK(day.contains(360));
  CHECK(day.contains(1379));
  CHECK_FALSE(day.contains(1380));
  CHECK_FALSE(day.contains(359));
  const day_hours night{1320, 360};
  CHECK(night.contains(1320));
  CHECK(night.contains(0));
  CHECK(night.contains(359));
  CHECK_FALSE(night.contains(360));
  CHECK_FALSE(night.contains(1319));
  CHECK(day_hours{}.contains(1439));
}

TEST_CASE("an area knows its inside, its edges and its corners") {
  CHECK(side_of(square, {49.05, 2.05}) == side::inside);
  CHECK(side_of(square, {49.0, 2.05}) == side::edge);
  CHECK(side_of(square, {49.05, 2.1}) == side::edge);
  CHECK(side_of(square, {49.1, 2.0}) == side::edge);
  CHECK(side_of(square, {49.2, 2.05}) == side::outside);
  CHECK(side_of(square, {48.9, 2.1}) == side::outside);
  CHECK(side_of(square, {49.0, 1.9}) == side::outside);  // beside an edge, in its line
  const polygon horseshoe{{0, 0}, {0, 3}, {3, 3}, {3, 2}, {1, 2}, {1, 1}, {3, 1}, {3, 0}};
  CHECK(side_of(horseshoe, {2, 1.5}) == side::outside);
  CHECK(side_of(horseshoe, {2, 0.5}) == side::inside);
  CHECK(side_of(horseshoe, {0.5, 1.5}) == side::inside);
  CHECK(is_area(horseshoe));
  CHECK_FALSE(is_area({{0, 0}, {0, 1}}));
  CHECK_FALSE(is_area({{0, 0}, {0, 1}, {0, 2}}));
  CHECK_FALSE(is_area({{0, 0}, {1, 1}, {1, 0}, {0, 1}}));
}

TEST_CASE("neighbours that share a border do not overlap, anything more does") {
  const auto moved = [](polygon area, double north, double east) {
    for (auto& corner : area) corner = {corner.latitude + north, corner.longitude + east};
    return area;
  };
  CHECK_FALSE(overlap(square, moved(square, 0, 0.1)));
  CHECK_FALSE(overlap(square, moved(square, 0.1, 0.1)));
  CHECK_FALSE(overlap(square, moved(square, 0.1, 0.05)));
  CHECK(overlap(square, square));
  CHECK(overlap(square, moved(square, 0.05, 0.05)));
  CHECK(overlap(square, moved(square, 0, 0.05)));
  const polygon within{{49.04, 2.04}, {49.04, 2.05}, {49.05, 2.05}};
  CHECK(overlap(square, within));
  CHECK(overlap(within, square));
}

TEST_CASE("M7: the zone decides between CIC and CORG, and fire goes to the CTA") {
  const auto table = centre();
  CHECK(told(route(table, {meriel, {}}, incident_kind::intrusion, at(noon))) == names{"corg"});
  CHECK(told(route(table, {cergy, {}}, incident_kind::intrusion, at(noon))) == names{"cic", "pm"});
  CHECK(told(route(table, {cergy, {}}, incident_kind::fire, at(noon))) == names{"cta"});
  CHECK(told(route(table, {meriel, {}}, incident_kind::road_accident, at(noon))) ==
        names{"cta", "corg"});
  CHECK(told(route(table, {cergy, {}}, incident_kind::camera_outage, at(noon))) ==
        names{"maintenance"});
  const auto answer = route(table, {cergy, {}}, incident_kind::theft, at(noon));
  CHECK(answer.operator_chooses.empty());
  CHECK(answer.told.size() + answer.refused.size() == table.recipients.size());
  CHECK(refusal_of(answer, "corg").ground == routing_ground::other_force);
  CHECK(refusal_of(answer, "corg").line == 10);
}

TEST_CASE("M7: an unknown zone leaves the choice to the operator") {
  const auto table = centre();
  const auto answer = route(table, {commune_id{"95018"}, {}}, incident_kind::theft, at(noon));
  CHECK(answer.told.empty());
  REQUIRE(answer.operator_chooses.size() == 1);
  CHECK(answer.operator_chooses[0].find("95018") != std::string::npos);
  CHECK(route(table, {commune_id{"95018"}, {}}, incident_kind::fire, at(noon))
            .operator_chooses.empty());
  CHECK(route({}, {cergy, {}}, incident_kind::road_accident, at(noon)).operator_chooses.size() ==
        2);
  CHECK(route({}, {cergy, {}}, incident_kind::camera_outage, at(noon)).operator_chooses.size() ==
        1);
}

TEST_CASE("M7: the operator chooses among forces only where the zone is unknown") {
  const auto table = centre();
  const auto known = route(table, {cergy, {}}, incident_kind::theft, at(noon));
  CHECK(open_recipients(known) ==
        std::vector{recipient_kind::national_police_cic, recipient_kind::municipal_police});
  CHECK(chosen_recipient(known, recipient_kind::gendarmerie_corg) == nullptr);
  CHECK(chosen_recipient(known, recipient_kind::national_police_cic)->id == "cic");
  const auto unknown = route(table, {commune_id{"95018"}, {}}, incident_kind::theft, at(noon));
  CHECK(open_recipients(unknown) ==
        std::vector{recipient_kind::gendarmerie_corg, recipient_kind::national_police_cic});
  CHECK(chosen_recipient(unknown, recipient_kind::municipal_police) == nullptr);
}

TEST_CASE("a known zone whose force has no recipient left is the operator's choice too") {
  auto table = centre();
  table.recipients[3].hours = {{480, 600}};
  const auto answer = route(table, {cergy, {}}, incident_kind::theft, at(noon));
  CHECK(refusal_of(answer, "cic").ground == routing_ground::closed);
  CHECK(told(answer) == names{"pm"});
  CHECK(answer.operator_chooses.size() == 1);
}

TEST_CASE("M7: a zone changes hands at midnight in Paris, not in London") {
  routing_table table;
  table.zones = {{cergy, state_force::police, {{}, 2026y / 6 / 30}, {}, 1},
                 {cergy, state_force::gendarmerie, {2026y / 7 / 1, {}}, {}, 2}};
  const auto line = [&](std::string_view instant) {
    return force_at(table, {cergy, {}}, paris_time(at(instant)).date).line;
  };
  CHECK(line("2026-06-30T21:59:59Z") == 1);
  CHECK(line("2026-06-30T22:00:00Z") == 2);
  CHECK_FALSE(contradict(table.zones[0], table.zones[1]));
  table.zones[1].valid.from = 2026y / 6 / 30;
  CHECK(contradict(table.zones[0], table.zones[1]));
  CHECK_FALSE(force_at(table, {cergy, {}}, 2026y / 6 / 30).force);
}

TEST_CASE("M7: a part goes before the whole, and the border of two forces is nobody's guess") {
  routing_table table;
  table.zones = {{cergy, state_force::police, {}, {}, 1},
                 {cergy, state_force::gendarmerie, {}, square, 2}};
  const auto force = [&](std::optional<position> where) {
    return force_at(table, {cergy, where}, 2026y / 6 / 10).force;
  };
  CHECK(force(position{49.05, 2.05}) == state_force::gendarmerie);
  CHECK(force(position{49.0, 2.0}) == state_force::gendarmerie);
  CHECK(force(position{48.99, 2.0}) == state_force::police);
  CHECK_FALSE(force(std::nullopt));
  auto east = square;
  for (auto& corner : east) corner.longitude += 0.1;
  table.zones.push_back({cergy, state_force::police, {}, east, 3});
  CHECK_FALSE(contradict(table.zones[1], table.zones[2]));
  CHECK_FALSE(force(position{49.05, 2.1}));
  CHECK(force(position{49.05, 2.15}) == state_force::police);
}

TEST_CASE("a camera without position is placed when its whole commune has one force") {
  routing_table table;
  table.zones = {{cergy, state_force::police, {}, {}, 1},
                 {cergy, state_force::police, {}, square, 2}};
  CHECK(force_at(table, {cergy, {}}, 2026y / 6 / 10).force == state_force::police);
  table.zones.erase(table.zones.begin());
  CHECK_FALSE(force_at(table, {cergy, {}}, 2026y / 6 / 10).force);
}

TEST_CASE("M8: municipal police is told by its commune's permission, and refused by name else") {
  auto table = centre();
  const auto ask = [&](const commune_id& commune, std::string_view instant) {
    return route(table, {commune, {}}, incident_kind::theft, at(instant));
  };
  const auto allowed = ask(cergy, noon);
  CHECK(told(allowed) == names{"cic", "pm"});
  CHECK(allowed.told[0].line == 10);
  CHECK(allowed.told[1].line == 80);
  CHECK(allowed.told[1].rule == "LEG-05");

  const auto elsewhere = refusal_of(ask(meriel, noon), "pm");
  CHECK(elsewhere.rule == "LEG-04");
  CHECK(elsewhere.ground == routing_ground::elsewhere);

  // The last day is its own to the end, in Paris.
  CHECK(told(ask(cergy, "2026-12-31T21:59:00Z")) == names{"cic", "pm"});
  const auto expired = refusal_of(ask(cergy, "2027-01-01T10:00:00Z"), "pm");
  CHECK(expired.rule == "LEG-05");
  CHECK(expired.ground == routing_ground::no_permission);
  CHECK(expired.line == 80);
  CHECK(refusal_of(ask(cergy, "2026-01-31T10:00:00Z"), "pm").ground ==
        routing_ground::no_permission);

  const auto night = refusal_of(ask(cergy, "2026-06-10T21:30:00Z"), "pm");
  CHECK(night.rule == "CSI L512-6");
  CHECK(night.ground == routing_ground::closed);
  table.recipients[1].permission->night_clause = "convention, article 7";
  CHECK(told(ask(cergy, "2026-06-10T21:30:00Z")) == names{"cic", "pm"});

  table.recipients[1].permission.reset();
  const auto none = refusal_of(ask(cergy, noon), "pm");
  CHECK(none.rule == "LEG-05");
  CHECK(none.line == 70);
}

TEST_CASE("M8: hours of municipal police follow the clocks through both changes") {
  auto table = centre();
  const auto is_told = [&](std::string_view instant) {
    return told(route(table, {cergy, {}}, incident_kind::theft, at(instant))).size() == 2;
  };
  CHECK_FALSE(is_told("2026-03-28T04:59:00Z"));
  CHECK(is_told("2026-03-28T05:00:00Z"));
  CHECK_FALSE(is_told("2026-03-29T03:59:00Z"));
  CHECK(is_told("2026-03-29T04:00:00Z"));
  CHECK(is_told("2026-10-24T20:59:00Z"));
  CHECK_FALSE(is_told("2026-10-24T21:00:00Z"));
  CHECK(is_told("2026-10-25T21:59:00Z"));
  CHECK_FALSE(is_told("2026-10-25T22:00:00Z"));
}

TEST_CASE("municipal police of no commune is of nowhere, and its part needs a position") {
  auto table = centre();
  table.recipients[1].communes.clear();
  CHECK(refusal_of(route(table, {cergy, {}}, incident_kind::theft, at(noon)), "pm").rule ==
        "LEG-04");
  table.recipients[1] = municipal();
  table.recipients[1].area = square;
  const auto size = [&](std::optional<position> where) {
    return route(table, {cergy, where}, incident_kind::theft, at(noon)).told.size();
  };
  CHECK(size(std::nullopt) == 1);
  CHECK(size(position{49.1, 2.1}) == 2);
  CHECK(size(position{49.2, 2.1}) == 1);
}

TEST_CASE("the mayor and the guarding company are told what their instructions say") {
  auto table = centre();
  auto mayor = of("mayor", recipient_kind::mayor_on_call);
  CHECK(mayor.kinds.empty());
  mayor.communes = {cergy};
  mayor.kinds = {incident_kind::fire};
  auto guard = of("guard", recipient_kind::guarding_company);
  guard.kinds = {incident_kind::intrusion};
  guard.hours = {{1200, 420}};
  table.recipients.insert(table.recipients.begin(), {guard, mayor});
  CHECK(told(route(table, {cergy, {}}, incident_kind::fire, at(noon))) == names{"cta", "mayor"});
  CHECK(told(route(table, {meriel, {}}, incident_kind::fire, at(noon))) == names{"cta"});
  CHECK(told(route(table, {cergy, {}}, incident_kind::intrusion, at("2026-06-10T20:00:00Z"))) ==
        names{"cic", "pm", "guard"});
}

TEST_CASE("every word of routing is read as it is written") {
  for (const auto name : incident_kind_names()) CHECK(name_of(*incident_kind_from(name)) == name);
  for (const auto name : recipient_kind_names()) CHECK(name_of(*recipient_kind_from(name)) == name);
  for (const auto name : state_force_names()) CHECK(name_of(*state_force_from(name)) == name);
  CHECK_FALSE(incident_kind_from("Fire"));
  CHECK(incident_kind_names().size() == static_cast<std::size_t>(incident_kind::other));
}

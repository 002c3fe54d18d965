// SPDX-License-Identifier: Apache-2.0
#include "domain/legal_basis.hpp"

#include <doctest/doctest.h>

#include "unit/domain/gate_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace vigie::test;

TEST_CASE("legal basis: the events are the eight of the decree and no other (LEG-51)") {
  const auto all = authorised_event_names();
  CHECK(all.size() == 8);
  for (const auto name : all) CHECK(name_of(*authorised_event_from(name)) == name);
  for (const auto other : {"loitering", "face", "licence_plate", "waste_dumping", ""})
    CHECK_FALSE(authorised_event_from(other));
}

TEST_CASE("legal basis: kinds of controllers keep their names") {
  for (const auto name : controller_kind_names())
    CHECK(name_of(*controller_kind_from(name)) == name);
  CHECK_FALSE(controller_kind_from("anybody"));
}

TEST_CASE("legal basis: what is disabled or over permits nothing") {
  auto basis = zone_basis();
  CHECK(permissions_of({basis}, gate_start).size() == 1);
  CHECK(permissions_of({basis}, gate_end - 1).size() == 1);
  CHECK(permissions_of({basis}, gate_end).empty());
  basis.is_enabled = false;
  CHECK(permissions_of({basis}, gate_start).empty());
}

TEST_CASE("legal basis: a comparison tells each event, controller and place that opens or closes") {
  const auto before = zone_basis();
  auto after = before;
  after.events.push_back(authorised_event::fire);
  after.communes.push_back(commune_id{"95018"});
  after.cameras.clear();
  const auto change = compare({before}, {after}, gate_start);
  REQUIRE(change.opened.size() == 2);
  CHECK(change.opened[0].where == "commune 95018");
  CHECK(change.opened[0].event == authorised_event::forbidden_zone);
  CHECK(change.opened[1].event == authorised_event::fire);
  REQUIRE(change.closed.size() == 1);
  CHECK(change.closed[0].where == "camera cam-0001");
  CHECK(compare({before}, {before}, gate_start).opened.empty());
}

TEST_CASE("legal basis: a longer period is a change that opens") {
  const auto before = zone_basis();
  auto after = before;
  after.valid_until += second_us;
  const auto change = compare({before}, {after}, gate_start);
  CHECK(change.opened.size() == 1);
  CHECK(change.closed.size() == 1);
}

// SPDX-License-Identifier: Apache-2.0
#include "app/people_desk.hpp"

#include <doctest/doctest.h>

#include "app/bus_users.hpp"
#include "app/request_rules.hpp"
#include "people/credential.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::app;
using namespace std::chrono_literals;
using domain::centre_role;

namespace {

domain::person somebody(const char* name, centre_role role) {
  domain::person p;
  p.name = name;
  p.role = role;
  p.communes = {commune_id{"95018"}};
  return p;
}

struct bench {
  test::memory_folder folder;
  system_clock time;
  journal::access_journal journal = [&] {
    auto opened = journal::access_journal::open(folder / "journal.db");
    REQUIRE(opened.has_value());
    return *std::move(opened);
  }();
  /// As `vigie user` in another process.
  people::people_register outside = [&] {
    auto opened = people::people_register::open(folder / "people.db", time);
    REQUIRE(opened.has_value());
    return *std::move(opened);
  }();
  std::unique_ptr<people_desk> open() {
    auto opened = people_desk::open(folder.path(), journal, time);
    REQUIRE(opened.has_value());
    return *std::move(opened);
  }
  void add(const domain::person& p) {
    const auto hash = people::hash_password(secret{"a password of the test"}, 4);
    REQUIRE(outside.add(p, *hash, {"os/root", "embauche", "add"}).has_value());
  }
  std::vector<journal::recorded_entry> entries() {
    auto all = journal.query({0, time.utc() + 1, 0, 1000});
    REQUIRE(all.has_value());
    return *std::move(all);
  }
};

}  // namespace

TEST_CASE("people desk: what another process changes is in the roster and the journal by itself") {
  bench b;
  b.add(somebody("ana", centre_role::video_operator));
  const auto desk = b.open();
  REQUIRE(desk->roster().people()->size() == 1);  // before anything is asked
  CHECK(b.entries().back().entry.detail == "people: add ana: video_operator");
  CHECK(b.entries().back().entry.author == "os/root");
  CHECK(b.entries().back().entry.reason == "embauche");
  std::atomic<int> told{0};
  desk->start([&] { ++told; });
  CHECK(told == 1);
  REQUIRE(b.outside
              .change("ana", {"os/root", "ordre du préfet", "suspend"},
                      [](domain::person& p) -> result<std::string> {
                        p.is_suspended = true;
                        return std::string{};
                      })
              .has_value());
  CHECK(test::eventually(10s, [&] { return told == 2; }));
  CHECK(desk->roster().people()->front().is_suspended);
  CHECK(desk->roster().duty()->empty());
  CHECK(b.entries().back().entry.detail == "people: suspend ana");
  CHECK(b.entries().size() == 2);
  desk->stop();
}

TEST_CASE("people desk: a restart journals nothing twice and forgets nothing") {
  bench b;
  b.add(somebody("ana", centre_role::video_operator));
  b.open();
  CHECK(b.entries().size() == 1);
  b.add(somebody("bob", centre_role::room_chief));
  b.open();
  CHECK(b.entries().size() == 2);
}

TEST_CASE("people desk: a proposal stands in the journal before it counts") {
  bench b;
  b.add(somebody("admin", centre_role::plugin_administrator));
  b.add(somebody("dpo", centre_role::privacy_officer));
  const auto desk = b.open();
  const auto what = domain::sensitive_change::enable_analytics;
  const auto number = desk->propose("admin", what, "fr.vigie.zone_intrusion", "rentrée");
  REQUIRE(number.has_value());
  CHECK(b.entries().back().entry.detail == "proposes enable_analytics of fr.vigie.zone_intrusion");
  CHECK_FALSE(desk->is_confirmed(what, "fr.vigie.zone_intrusion"));
  CHECK_FALSE(desk->decide("dpo", *number, domain::proposal_state::confirmed, " ").has_value());
  CHECK_FALSE(desk->decide("admin", *number, domain::proposal_state::confirmed, "moi").has_value());
  CHECK_FALSE(desk->decide("eve", *number, domain::proposal_state::confirmed, "moi").has_value());
  REQUIRE(desk->decide("dpo", *number, domain::proposal_state::confirmed, "vérifié").has_value());
  CHECK(desk->is_confirmed(what, "fr.vigie.zone_intrusion"));
}

TEST_CASE("bus users: everybody asks under the own name and listens to the own communes") {
  auto ana = somebody("ana", centre_role::video_operator);
  auto admin = somebody("admin", centre_role::plugin_administrator);
  auto sam = somebody("sam", centre_role::room_chief);
  sam.is_suspended = true;
  const std::vector<people::credential_row> rows{
      {"admin", "h"}, {"ana", "h"}, {"eve", "h"}, {"sam", "h"}};
  const auto users = bus_users(std::vector{admin, ana, sam}, rows);
  REQUIRE(users.size() == 2);  // neither the suspended nor who is not in the roster
  CHECK(users[1].name == "ana");
  CHECK(users[1].publish == std::vector<std::string>{"vigie.v1.request.ana.>"});
  CHECK(users[1].subscribe ==
        std::vector<std::string>{"vigie.v1.node.*.heartbeat", "vigie.v1.event._._._.node_started",
                                 "vigie.v1.state.95018.>", "vigie.v1.event.95018.>",
                                 "vigie.v1.incident.95018.>", "_INBOX_ana.>"});
  for (const auto& pattern : users[0].subscribe)
    CHECK(pattern.find("incident") == std::string::npos);
}

TEST_CASE("request rules: no line, no answer; and no name, no answer") {
  const auto ana = somebody("ana", centre_role::video_operator);
  const auto asked = [&](const domain::person* who, const char* service, const char* verb) {
    return request_obstacle(who, {"ana", service, verb});
  };
  CHECK_FALSE(asked(&ana, "people", "me").has_value());
  CHECK_FALSE(asked(&ana, "live", "open").has_value());
  CHECK(asked(&ana, "people", "list") == domain::access_refusal::role_may_not);
  CHECK(asked(&ana, "people", "promote") == domain::access_refusal::role_may_not);
  CHECK(asked(&ana, "new_service", "open") == domain::access_refusal::role_may_not);
  CHECK(asked(nullptr, "people", "me") == domain::access_refusal::unknown_person);
  auto sam = ana;
  sam.is_suspended = true;
  CHECK(asked(&sam, "people", "me") == domain::access_refusal::person_suspended);
}

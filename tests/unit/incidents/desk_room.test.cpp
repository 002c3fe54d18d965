// SPDX-License-Identifier: Apache-2.0
#include "desk_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace vigie::incidents;
using test::desk_bench;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("incidents");

TEST_CASE("desk: a raise is queued, told and on disk when it is answered") {
  desk_bench b;
  const auto i = b.raise();
  REQUIRE(i);
  CHECK(i->state == incident_state::queued);
  CHECK(i->id.str() == "st-1");
  CHECK(b.changes == std::vector<std::string>{"raised"});
  b.start();
  REQUIRE(b.find(*i) != nullptr);
  CHECK(b.find(*i)->state == incident_state::queued);
  const auto lines = b.room->store().logbook(i->id, 10);
  REQUIRE(lines);
  REQUIRE(lines->size() == 1);
  CHECK(lines->front().what == "raised");
}

TEST_CASE("desk: signals of one cause are one incident with a count, over a restart, too") {
  desk_bench b;
  const auto first = b.raise();
  auto storm = desk_bench::signal();
  storm.times = 9'999;
  const auto again = b.raise(storm);
  REQUIRE(again);
  CHECK(again->id == first->id);
  CHECK(again->signals == 10'000);
  b.start();
  const auto later = b.raise();
  REQUIRE(later);
  CHECK(later->id == first->id);
  CHECK(later->signals == 10'001);
  const auto other = b.raise(desk_bench::signal("panel-2"));
  REQUIRE(other);
  CHECK(other->id.str() == "st-2");
}

TEST_CASE("desk: the whole way to an acknowledged notification, with its logbook and journal") {
  desk_bench b;
  auto i = b.approved(*b.raise());
  CHECK(i.state == incident_state::notification_approved);
  REQUIRE(b.sends.size() == 1);
  CHECK(b.sends[0].what.key == "st-1-n1");
  CHECK(b.sends[0].what.recipient == "cic");
  b.report("st-1-n1", delivery_outcome::delivered);
  CHECK(b.find(i)->state == incident_state::notified);
  b.report("st-1-n1", delivery_outcome::acknowledged);
  CHECK(b.find(i)->state == incident_state::acknowledged);
  const auto under = b.act("amel", *b.find(i), start_intervention{});
  REQUIRE(under);
  const auto closed = b.act("amel", *under, domain::close{"two persons, handed over"});
  REQUIRE(closed);
  CHECK(closed->state == incident_state::closed);
  CHECK(b.room->core().open().empty());
  auto reader = told_reader::open(b.folder.path() / "incidents.db");
  REQUIRE(reader);
  const auto journal = reader->journal_after(0, 100);
  REQUIRE(journal);
  REQUIRE(journal->size() == 2);
  CHECK((*journal)[0].act == journal_act::verdict);
  CHECK((*journal)[0].author == "amel");
  CHECK((*journal)[0].reason == "seen");
  CHECK((*journal)[1].act == journal_act::notification);
  CHECK((*journal)[1].recipient == "national_police_cic");
  const auto rows = reader->bus_after(0, 100);
  REQUIRE(rows);
  REQUIRE(rows->size() == b.changes.size());
  for (std::size_t n = 0; n < rows->size(); ++n) CHECK((*rows)[n].seq == n + 1);
  SUBCASE("and another raise of the cause is another incident") {
    const auto next = b.raise();
    REQUIRE(next);
    CHECK(next->id.str() == "st-2");
  }
  SUBCASE("and it can be reopened from disk") {
    b.start();
    CHECK(b.find(i) == nullptr);
    const auto again = b.act("bruno", *closed, reopen{"a third person"});
    REQUIRE(again);
    CHECK(again->state == incident_state::reopened);
    CHECK_FALSE(again->verdict);
    CHECK(b.raise()->id == i.id);
  }
}

TEST_CASE("desk: after a restart an approved notification is sent again under the same key") {
  desk_bench b;
  const auto i = b.approved(*b.raise());
  REQUIRE(b.sends.size() == 1);
  b.start();
  b.run();
  REQUIRE(b.sends.size() == 2);
  CHECK(b.sends[1].what.key == b.sends[0].what.key);
  CHECK(b.sends[1].what.attempt == 2);
  b.report("st-1-n1", delivery_outcome::acknowledged);
  b.start();
  b.run();
  CHECK(b.sends.size() == 2);
  CHECK(b.find(i)->state == incident_state::acknowledged);
}

TEST_CASE("desk: a mute recipient is told over the second path within seven seconds") {
  desk_bench b;
  b.approved(*b.raise());
  REQUIRE(b.sends.size() == 1);
  b.time.advance(b.deliveries.mute_after);
  b.run();
  REQUIRE(b.sends.size() == 2);
  CHECK(b.sends[1].path == 1);
  CHECK(b.sends[1].what.key == b.sends[0].what.key);
  CHECK(b.deliveries.mute_after <= std::chrono::seconds{7});
}

TEST_CASE("desk: an operator who reached the recipient by voice settles the notification") {
  desk_bench b;
  b.paths = 0;
  const auto i = b.approved(*b.raise());
  CHECK(b.sends.empty());
  const auto called = b.act("amel", *b.find(i), record_call{"the duty officer sends a car"});
  REQUIRE(called);
  CHECK(called->state == incident_state::acknowledged);
  CHECK(b.room->core().delivery_of(*called) == nullptr);
}

TEST_CASE("desk: an unclaimed incident asks for help, over a restart, too") {
  desk_bench b;
  const auto i = b.raise();
  b.time.advance(b.rules.claim_patience - 1s);
  b.start();
  b.run();
  CHECK(b.find(*i)->state == incident_state::queued);
  b.time.advance(1s);
  b.run();
  CHECK(b.find(*i)->state == incident_state::escalated);
  CHECK(b.room->core().counts().escalated == 1);
}

TEST_CASE("desk: a clock set back over a restart delays no timer beyond its patience") {
  desk_bench b;
  const auto i = b.raise();
  b.time.step_utc(-std::chrono::hours{5});
  b.start();
  b.time.advance(b.rules.claim_patience);
  b.run();
  CHECK(b.find(*i)->state == incident_state::escalated);
}

TEST_CASE("desk: what a start finds altered on disk is left alone, the rest goes on") {
  desk_bench b;
  const auto i = b.raise();
  const auto other = b.raise(desk_bench::signal("panel-2"));
  b.room.reset();
  auto db = storage::database::open(b.folder.path() / "incidents.db", storage::durability::full);
  REQUIRE(db);
  // Somebody writes a confirmation that nobody gave.
  REQUIRE(db->exec("UPDATE incident SET state = 'confirmed' WHERE id = 'st-1'"));
  b.start();
  CHECK(b.find(*i) == nullptr);
  CHECK(b.find(*other) != nullptr);
}

TEST_CASE("desk: recovery gives back every incident exactly, from every state") {
  desk_bench b;
  auto i = *b.raise();
  const auto check_same = [&] {
    const auto before = *b.find(i);
    b.start();
    const auto* after = b.find(i);
    REQUIRE(after != nullptr);
    CHECK(after->state == before.state);
    CHECK(after->revision == before.revision);
    CHECK(after->owner == before.owner);
    CHECK(after->verdict.has_value() == before.verdict.has_value());
    CHECK(after->proposed == before.proposed);
    CHECK(after->notification == before.notification);
    CHECK(after->signals == before.signals);
    CHECK(is_consistent(*after));
  };
  check_same();
  for (const incident_act& what : std::vector<incident_act>{
           claim{}, add_note{"two persons"}, start_verification{},
           record_verdict{verdict_kind::confirmed, "seen"},
           propose_notification{recipient_kind::national_police_cic}, approve_notification{},
           record_call{"reached"}, start_intervention{}}) {
    auto next = b.act("amel", i, what);
    REQUIRE(next);
    i = *next;
    check_same();
  }
}

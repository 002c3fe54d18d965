// SPDX-License-Identifier: Apache-2.0
#include "journal/access_journal.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::journal;
using storage::database;
using storage::durability;
using test::temporary_folder;

namespace {

access_entry entry_at(utc_us at) {
  access_entry e;
  e.at = at;
  e.author = "console";
  e.authority = commune_id{"95018"};
  e.verb = access_verb::consultation;
  e.camera = camera_id{"cam-0001"};
  e.purpose = domain::purpose::public_buildings_protection;
  e.reason =
      "intrusion signal\xc3\xa9"
      "e au coll\xc3\xa8ge";
  return e;
}

std::vector<recorded_entry> all_of(access_journal& journal) {
  auto found = journal.query({.from = 0, .to = INT64_MAX});
  REQUIRE(found.has_value());
  return *std::move(found);
}

}  // namespace

TEST_CASE("access journal: an entry is there after reopening, with every member") {
  temporary_folder folder;
  auto e = entry_at(1'700'000'000'000'123);
  e.verb = access_verb::communication;
  e.interval = image_interval{1'699'000'000'000'000, 1'699'000'060'000'000};
  e.recipient = "commissariat d'Argenteuil";
  e.detail = "incident 95-000123";
  {
    auto journal = access_journal::open(folder / "journal.db");
    REQUIRE(journal.has_value());
    CHECK(journal->append(e).value_or(0) == 1);
    CHECK(journal->append(entry_at(5)).value_or(0) == 2);
  }
  auto journal = access_journal::open(folder / "journal.db");
  REQUIRE(journal.has_value());
  const auto found = all_of(*journal);
  REQUIRE(found.size() == 2);
  CHECK(found[0].sequence == 1);
  const auto& back = found[0].entry;
  CHECK(back.at == e.at);
  CHECK(back.author == e.author);
  CHECK(back.authority == e.authority);
  CHECK(back.verb == e.verb);
  CHECK(back.camera == e.camera);
  CHECK(back.purpose == e.purpose);
  CHECK(back.reason == e.reason);
  CHECK(back.interval == e.interval);
  CHECK(back.recipient == e.recipient);
  CHECK(back.detail == e.detail);
  CHECK_FALSE(found[0].is_imported);
  CHECK_FALSE(found[1].entry.interval.has_value());
}

TEST_CASE("access journal: a query takes a time span and continues after a sequence number") {
  temporary_folder folder;
  auto journal = access_journal::open(folder / "journal.db");
  REQUIRE(journal.has_value());
  for (utc_us at = 10; at < 20; ++at) REQUIRE(journal->append(entry_at(at)).has_value());
  auto first = journal->query({.from = 12, .to = 18, .limit = 4});
  REQUIRE(first.has_value());
  REQUIRE(first->size() == 4);
  CHECK(first->front().entry.at == 12);
  auto rest = journal->query({.from = 12, .to = 18, .after_sequence = first->back().sequence});
  REQUIRE(rest.has_value());
  REQUIRE(rest->size() == 2);
  CHECK(rest->back().entry.at == 17);
}

TEST_CASE("access journal: no reason, no author or no authority, no entry") {
  temporary_folder folder;
  auto journal = access_journal::open(folder / "journal.db");
  REQUIRE(journal.has_value());
  auto e = entry_at(1);
  e.reason = " \t\n";
  auto refused = journal->append(e);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::reason_missing);
  CHECK(refused.error().detail.starts_with("LEG-33"));
  e = entry_at(1);
  e.author.clear();
  CHECK(journal->append(e).error().code == errc::access_denied);
  e = entry_at(1);
  e.authority = commune_id{};
  CHECK(journal->append(e).error().code == errc::access_denied);
  e = entry_at(1);
  e.purpose.reset();
  CHECK(journal->append(e).error().code == errc::access_denied);
  e = entry_at(1);
  e.detail.assign(longest_text + 1, 'd');
  CHECK(journal->append(e).error().code == errc::config_invalid);
  CHECK(all_of(*journal).empty());
}

TEST_CASE("access journal: a database that cannot be written refuses the entry") {
  temporary_folder folder;
  REQUIRE(access_journal::open(folder / "journal.db").has_value());
  auto db = database::open(folder / "journal.db", durability::full);
  REQUIRE(db.has_value());
  SUBCASE("read-only") { REQUIRE(db->exec("PRAGMA query_only=1").has_value()); }
  SUBCASE("the disk is full") {
    REQUIRE(db->exec("PRAGMA max_page_count=1").has_value());
    // The smallest limit SQLite accepts is the present size; long reasons go beyond it at once.
  }
  auto journal = access_journal::over(*std::move(db), *signing_key::generate());
  REQUIRE(journal.has_value());
  auto e = entry_at(1);
  e.reason = std::string(50'000, 'r');
  const auto refused = journal->append(e);
  REQUIRE_FALSE(refused.has_value());
  const auto code = refused.error().code;
  const bool is_storage_failure = code == errc::db_failed || code == errc::disk_full;
  CHECK(is_storage_failure);
  CHECK(all_of(*journal).empty());
}

TEST_CASE("access journal: SQL cannot change or remove an entry") {
  temporary_folder folder;
  {
    auto journal = access_journal::open(folder / "journal.db");
    REQUIRE(journal.has_value());
    REQUIRE(journal->append(entry_at(1)).has_value());
  }
  auto db = database::open(folder / "journal.db", durability::full);
  REQUIRE(db.has_value());
  CHECK_FALSE(db->run("UPDATE entry SET reason = 'other'").has_value());
  CHECK_FALSE(db->run("DELETE FROM entry").has_value());
  auto journal = access_journal::over(*std::move(db), *signing_key::generate());
  REQUIRE(journal.has_value());
  CHECK(all_of(*journal).size() == 1);
}

TEST_CASE("access journal: an unknown word in the file is db_corrupt, not a guess") {
  temporary_folder folder;
  auto journal = access_journal::open(folder / "journal.db");
  REQUIRE(journal.has_value());
  auto db = database::open(folder / "journal.db", durability::full);
  REQUIRE(db.has_value());
  REQUIRE(
      db->run("INSERT INTO entry (sequence, origin, at_us, verb, author, authority, camera, "
              "purpose, reason, recipient, detail, hash, signature) VALUES (1, 1, 1, 'peeking', "
              "'a', '95018', 'c', 'rescue_and_fire', 'r', '', '', x'00', x'00')")
          .has_value());
  const auto found = journal->query({.from = 0, .to = 10});
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::db_corrupt);
}

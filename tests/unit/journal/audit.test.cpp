// SPDX-License-Identifier: Apache-2.0
#include "journal/audit.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "journal/access_journal.hpp"
#include "journal/anchor_file.hpp"
#include "journal/log_years.hpp"
#include "support/journal_mutations.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::journal;
using storage::database;
using storage::durability;
using test::memory_folder;

namespace {

constexpr utc_us start = 1'700'000'000'000'000;
constexpr auto year = std::chrono::hours{24 * 366};

access_entry entry(utc_us at, int n) {
  access_entry e;
  e.at = at;
  e.author = "operator-" + std::to_string(n % 7);
  e.authority = commune_id{"95018"};
  e.verb = n % 5 == 0 ? access_verb::erasure : access_verb::consultation;
  e.camera = camera_id{"cam-" + std::to_string(n % 24)};
  e.purpose = domain::purpose::persons_and_property_safety;
  e.reason = "appel au 17, rue des Acacias, n\xc2\xb0" + std::to_string(n);
  if (n % 3 == 0) e.interval = image_interval{at - 60'000'000, at};
  if (n % 4 == 0) e.recipient = "commissariat d'Argenteuil";
  return e;
}

/// A journal in memory-backed files with its own clock.
struct rig {
  memory_folder folder;
  manual_clock time{start};
  journal_options options{&time, 16, std::chrono::seconds{600}};
  int written = 0;

  std::filesystem::path file() const { return folder / "journal.db"; }
  access_journal open() {
    auto journal = access_journal::open(file(), options);
    REQUIRE(journal.has_value());
    return *std::move(journal);
  }
  void write(access_journal& journal, int count) {
    for (int i = 0; i < count; ++i) {
      time.advance(std::chrono::seconds{1});
      REQUIRE(journal.append(entry(time.utc(), written++)).has_value());
    }
  }
  trusted_keys keys() const {
    trusted_keys k;
    REQUIRE(k.add_file(folder / "journal.pub").has_value());
    return k;
  }
  audit_verdict verdict() const {
    const auto copy = read_anchor_lines(folder / "journal.anchors");
    auto db = open_for_audit(file());
    REQUIRE(db.has_value());
    const auto v =
        audit(*db, keys(), copy ? std::optional{*copy} : std::optional<std::vector<std::string>>{});
    REQUIRE(v.has_value());
    for (const auto& f : v->findings) MESSAGE(f.text);
    return *v;
  }
};

/// 70 entries, of which 20 were pruned and the last 18 are not sealed.
void fill_and_prune(rig& r) {
  auto journal = r.open();
  r.write(journal, 20);
  REQUIRE(journal.maintain().has_value());
  r.time.advance(3 * year);
  r.write(journal, 44);
  REQUIRE(journal.maintain().has_value());
  r.write(journal, 6);
}

}  // namespace

TEST_CASE("audit: a new journal, a written one and a reopened one are whole") {
  rig r;
  {
    auto journal = r.open();
    CHECK(r.verdict().is_ok());
    r.write(journal, 40);
    CHECK(r.verdict().is_ok());
    REQUIRE(journal.maintain().has_value());
    const auto v = r.verdict();
    CHECK(v.is_ok());
    CHECK(v.entries == 40);
    CHECK(v.sealed_to == 32);
    CHECK(v.anchors == 2);
    r.time.advance(std::chrono::seconds{600});
    REQUIRE(journal.maintain().has_value());
    CHECK(r.verdict().sealed_to == 40);
  }
  auto journal = r.open();
  r.write(journal, 3);
  CHECK(r.verdict().is_ok());
  CHECK(r.verdict().last == 43);
}

TEST_CASE("audit: what an earlier run left open is sealed by the next one's first upkeep") {
  rig r;
  {
    auto journal = r.open();
    r.write(journal, 5);
  }
  auto journal = r.open();
  REQUIRE(journal.maintain().has_value());
  CHECK(r.verdict().sealed_to == 5);
}

TEST_CASE("audit: after three years a signed anchor stands for the erased entries") {
  rig r;
  fill_and_prune(r);
  const auto v = r.verdict();
  CHECK(v.is_ok());
  CHECK(v.pruned_to == 20);  // 4 that waited beside new ones, which stay
  CHECK(v.entries == 50);
  auto journal = r.open();
  const auto left = journal.query({.from = 0, .to = INT64_MAX});
  REQUIRE(left.has_value());
  CHECK(left->front().sequence == 21);
  r.write(journal, 1);
  CHECK(r.verdict().is_ok());
}

TEST_CASE("audit: not a second before three calendar years, and not a second later") {
  rig r;
  auto journal = r.open();
  r.write(journal, 16);
  REQUIRE(journal.maintain().has_value());
  const auto due = log_expiry(start + 1'000'000);
  r.time.step_utc(std::chrono::microseconds{due - 1 - r.time.utc()});
  r.time.advance(std::chrono::nanoseconds{1});
  auto again = r.open();  // a fresh run looks at once
  REQUIRE(again.maintain().has_value());
  CHECK(r.verdict().pruned_to == 0);
  r.time.step_utc(std::chrono::microseconds{1});
  auto third = r.open();
  REQUIRE(third.maintain().has_value());
  CHECK(r.verdict().pruned_to == 16);
  CHECK(r.verdict().is_ok());
}

TEST_CASE("log_expiry: three calendar years, 29 February on the 28th") {
  CHECK(log_expiry(start_of({2024, 2, 29}) + 5) == start_of({2027, 2, 28}) + 5);
  CHECK(log_expiry(start_of({2025, 11, 21})) == start_of({2028, 11, 21}));
}

TEST_CASE("audit: every kind of forgery is found, and where it begins") {
  rig r;
  fill_and_prune(r);
  auto db = database::open(r.file(), durability::full);
  REQUIRE(db.has_value());
  const auto keys = r.keys();
  test::journal_forger forger{*db, 20261122};
  std::map<std::string, int> tried;
  for (int i = 0; i < 340; ++i) {
    REQUIRE(db->exec("SAVEPOINT mutation").has_value());
    const auto done = forger.mutate(static_cast<std::size_t>(i) % test::journal_forger::kinds);
    ++tried[done.kind];
    const auto v = audit(*db, keys);
    REQUIRE(v.has_value());
    INFO(i << ": " << done.kind << " at entry " << done.entry << " anchor " << done.anchor);
    REQUIRE_FALSE(v->is_ok());
    const auto& f = v->findings.front();
    INFO(f.text);
    if (done.entry != 0)
      CHECK(f.first == done.entry);
    else
      CHECK(f.anchor == done.anchor);
    REQUIRE(db->exec("ROLLBACK TO mutation; RELEASE mutation").has_value());
  }
  CHECK(tried.size() >= test::journal_forger::kinds);
  CHECK(audit(*db, keys)->is_ok());
}

TEST_CASE("audit: a journal set back to an older state is given away by a copy of its anchors") {
  rig r;
  auto journal = r.open();
  r.write(journal, 16);
  REQUIRE(journal.maintain().has_value());
  auto live = database::open(r.file(), durability::full);
  REQUIRE(live->run("VACUUM INTO ?", (r.folder / "older.db").string()).has_value());
  r.write(journal, 16);
  REQUIRE(journal.maintain().has_value());
  const auto copy = read_anchor_lines(r.folder / "journal.anchors");
  REQUIRE(copy.has_value());
  auto older = open_for_audit(r.folder / "older.db");
  REQUIRE(older.has_value());
  CHECK(audit(*older, r.keys())->is_ok());  // by itself it is a whole journal
  const auto v = audit(*older, r.keys(), *copy);
  REQUIRE(v->findings.size() == 1);
  CHECK(v->findings[0].what == audit_what::missing_anchor);
  CHECK(v->findings[0].anchor == 2);
}

TEST_CASE("audit: running on does not heal a cut end, nor a lost head") {
  rig r;
  {
    auto journal = r.open();
    r.write(journal, 10);
  }
  auto db = database::open(r.file(), durability::full);
  test::journal_forger unlock{*db, 1};
  SUBCASE("the last rows are gone") {
    REQUIRE(db->run("DELETE FROM entry WHERE sequence > 7").has_value());
    auto journal = r.open();
    r.write(journal, 3);
    CHECK(r.verdict().findings.front().first == 8);
    CHECK_FALSE(journal.maintain().has_value());  // and no seal blesses it
  }
  SUBCASE("rows and head are gone") {
    REQUIRE(db->run("DELETE FROM entry WHERE sequence > 7").has_value());
    REQUIRE(db->run("DELETE FROM head").has_value());
    auto journal = r.open();
    r.write(journal, 3);
    CHECK(r.verdict().findings.front().what == audit_what::missing_entry);
    CHECK(r.verdict().findings.front().first == 8);
  }
  SUBCASE("a row was altered before its seal") {
    REQUIRE(db->run("UPDATE entry SET signature = x'00' WHERE sequence = 4").has_value());
    auto journal = r.open();
    const auto refused = journal.maintain();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::db_corrupt);
    r.write(journal, 1);  // the log itself goes on
    CHECK(r.verdict().findings.front().first == 4);
  }
}

TEST_CASE("audit: entries from before the chain are chained, signed and marked") {
  rig r;
  {
    auto db = database::open(r.file(), durability::full);
    REQUIRE(db->exec("CREATE TABLE access_entry (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at_us "
                     "INTEGER NOT NULL, author TEXT NOT NULL, authority TEXT NOT NULL, verb TEXT "
                     "NOT NULL, camera TEXT NOT NULL, purpose TEXT NOT NULL, reason TEXT NOT NULL, "
                     "from_us INTEGER, to_us INTEGER, recipient TEXT NOT NULL) STRICT;"
                     "INSERT INTO access_entry VALUES (1, 5, 'console', '95018', 'consultation', "
                     "'cam-1', 'rescue_and_fire', 'chute', NULL, NULL, ''),"
                     "(3, 9, 'vigie', '95018', 'erasure', 'cam-2', 'rescue_and_fire', 'LEG-30', 1, "
                     "2, 'x'); PRAGMA user_version=1")
                .has_value());
  }
  auto journal = r.open();
  r.write(journal, 1);
  const auto all = journal.query({.from = 0, .to = INT64_MAX});
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 3);
  CHECK((*all)[0].is_imported);
  CHECK((*all)[1].sequence == 2);
  CHECK((*all)[1].entry.detail == "was entry 3");
  CHECK((*all)[1].entry.interval == image_interval{1, 2});
  CHECK_FALSE((*all)[2].is_imported);
  const auto v = r.verdict();
  CHECK(v.is_ok());
  CHECK(v.imported == 2);
}

TEST_CASE("audit: a copy on a medium that cannot be written is read without its shared memory") {
  rig r;
  {
    auto journal = r.open();
    r.write(journal, 5);
  }
  auto db = open_for_audit(r.file());
  REQUIRE(db.has_value());
  CHECK_FALSE(db->run("DELETE FROM head").has_value());
  storage::open_options frozen;
  frozen.immutable = true;
  auto copy = database::open(r.file(), frozen);
  REQUIRE(copy.has_value());
  CHECK(audit(*copy, r.keys())->is_ok());
}

TEST_CASE("audit: another key's journal is not believed") {
  rig r;
  auto journal = r.open();
  r.write(journal, 3);
  auto db = open_for_audit(r.file());
  trusted_keys other;
  REQUIRE(other.add_pem(signing_key::generate()->public_pem()).has_value());
  CHECK_FALSE(audit(*db, other)->is_ok());
  CHECK(open_for_audit(r.folder / "absent.db").error().code == errc::not_found);
}

TEST_CASE("signing key: made once, readable by its owner only, public half beside it") {
  memory_folder folder;
  const auto secret = folder / "journal.key";
  const auto pub = folder / "journal.pub";
  auto made = signing_key::load_or_create(secret, pub);
  REQUIRE(made.has_value());
  struct stat status {};
  REQUIRE(::stat(secret.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::chmod(secret.c_str(), 0644) == 0);
  auto again = signing_key::load_or_create(secret, pub);
  REQUIRE(again.has_value());
  CHECK(again->id() == made->id());
  REQUIRE(::stat(secret.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  SUBCASE("a key lost is replaced, and the old public half still checks what it signed") {
    std::filesystem::remove(secret);
    auto fresh = signing_key::load_or_create(secret, pub);
    REQUIRE(fresh.has_value());
    CHECK(fresh->id() != made->id());
    trusted_keys both;
    REQUIRE(both.add_file(pub).has_value());
    CHECK(both.accepts(made->id(), "text", made->sign("text")));
    CHECK(both.accepts(fresh->id(), "text", fresh->sign("text")));
    CHECK_FALSE(both.accepts(fresh->id(), "text", made->sign("text")));
    CHECK_FALSE(both.accepts("text", fresh->sign("texts")));
  }
  SUBCASE("a public half lost is written again") {
    std::filesystem::remove(pub);
    REQUIRE(signing_key::load_or_create(secret, pub).has_value());
    trusted_keys keys;
    REQUIRE(keys.add_file(pub).has_value());
    CHECK(keys.accepts(made->id(), "text", made->sign("text")));
  }
  SUBCASE("a file that holds no key is refused, not replaced") {
    std::ofstream{secret} << "hello";
    CHECK(signing_key::load_or_create(secret, pub).error().code == errc::config_invalid);
  }
}

TEST_CASE("anchor file: a torn last line is cut and written again") {
  rig r;
  const auto path = r.folder / "journal.anchors";
  {
    auto journal = r.open();
    r.write(journal, 16);
    REQUIRE(journal.maintain().has_value());
  }
  const auto whole = std::filesystem::file_size(path);
  std::ofstream{path, std::ios::app} << "vigie-anchor 1 2 se";
  auto journal = r.open();
  r.write(journal, 16);
  REQUIRE(journal.maintain().has_value());
  const auto lines = read_anchor_lines(path);
  REQUIRE(lines.has_value());
  CHECK(lines->size() == 2);
  CHECK(whole < std::filesystem::file_size(path));
  CHECK(r.verdict().is_ok());
}

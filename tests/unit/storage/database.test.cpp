// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "support/temporary_folder.hpp"

using namespace vigie;
using storage::database;
using storage::durability;
using storage::open_options;
using test::temporary_folder;

namespace {

database opened(const std::filesystem::path& path, open_options options = {}) {
  auto db = database::open(path, options);
  REQUIRE_MESSAGE(db.has_value(), to_string(db.has_value() ? error{} : db.error()));
  return *std::move(db);
}

std::int64_t number(database& db, std::string_view sql) {
  auto query = db.prepare(sql);
  REQUIRE(query.has_value());
  REQUIRE(query->step().value_or(false));
  return query->get<std::int64_t>(0);
}

}  // namespace

TEST_CASE("database: every kind of value comes back as it went in") {
  temporary_folder folder;
  auto db = opened(folder / "deep/down/t.db");
  REQUIRE(db.exec("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, o INTEGER)").has_value());
  const std::string text{"caf\xc3\xa9\0tail", 10};
  const std::vector<std::uint8_t> bytes{0, 1, 255};
  REQUIRE(db.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", std::int64_t{-5}, 2.5, text, bytes,
                 std::optional<int>{})
              .has_value());
  auto query = db.prepare("SELECT i, r, s, b, o, typeof(s), typeof(b), typeof(o) FROM t");
  REQUIRE(query.has_value());
  REQUIRE(query->step().value_or(false));
  CHECK(query->get<std::int64_t>(0) == -5);
  CHECK(query->get<double>(1) == 2.5);
  CHECK(query->get<std::string>(2) == text);
  CHECK(query->get<std::vector<std::uint8_t>>(3) == bytes);
  CHECK_FALSE(query->get<std::optional<int>>(4).has_value());
  CHECK(query->get<std::optional<std::string>>(5) == "text");
  CHECK(query->text(6) == "blob");
  CHECK(query->text(7) == "null");
  CHECK_FALSE(query->step().value_or(true));
}

TEST_CASE("database: empty text and empty blob are not NULL") {
  temporary_folder folder;
  auto db = opened(folder / "t.db");
  REQUIRE(db.exec("CREATE TABLE t (s TEXT NOT NULL, b BLOB NOT NULL)").has_value());
  CHECK(db.run("INSERT INTO t VALUES (?, ?)", std::string_view{}, std::vector<std::uint8_t>{})
            .has_value());
}

TEST_CASE("database: a statement is run again with other values") {
  temporary_folder folder;
  auto db = opened(folder / "t.db");
  REQUIRE(db.exec("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT)").has_value());
  auto insert = db.prepare("INSERT INTO t VALUES (?, ?)");
  REQUIRE(insert.has_value());
  for (int i = 1; i <= 3; ++i) CHECK(insert->run(i, "x").has_value());
  CHECK(number(db, "SELECT count(*) FROM t") == 3);
  CHECK(db.last_insert_id() == 3);
  auto twice = insert->run(3, "again");
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().code == errc::db_failed);
  CHECK(insert->run(4, "after a failure").has_value());
}

TEST_CASE("database: the durability asked for is the one set") {
  temporary_folder folder;
  auto full = opened(folder / "full.db", {durability::full});
  CHECK(number(full, "PRAGMA synchronous") == 2);
  auto normal = opened(folder / "normal.db", {durability::normal});
  CHECK(number(normal, "PRAGMA synchronous") == 1);
  CHECK(number(normal, "PRAGMA foreign_keys") == 1);
  auto mode = normal.prepare("PRAGMA journal_mode");
  REQUIRE(mode.has_value());
  REQUIRE(mode->step().value_or(false));
  CHECK(mode->text(0) == "wal");
}

TEST_CASE("database: a transaction that is dropped leaves nothing, a committed one stays") {
  temporary_folder folder;
  auto db = opened(folder / "t.db");
  REQUIRE(db.exec("CREATE TABLE t (i INTEGER)").has_value());
  {
    auto dropped = storage::transaction::begin(db);
    REQUIRE(dropped.has_value());
    REQUIRE(db.run("INSERT INTO t VALUES (1)").has_value());
  }
  CHECK(number(db, "SELECT count(*) FROM t") == 0);
  {
    auto kept = storage::transaction::begin(db);
    REQUIRE(kept.has_value());
    REQUIRE(db.run("INSERT INTO t VALUES (1)").has_value());
    CHECK(kept->commit().has_value());
  }
  auto again = opened(folder / "t.db");
  CHECK(number(again, "SELECT count(*) FROM t") == 1);
}

TEST_CASE("database: what is no database is db_corrupt and names the file") {
  temporary_folder folder;
  std::ofstream{folder / "t.db"} << std::string(5000, 'x');
  auto db = database::open(folder / "t.db", durability::full);
  REQUIRE_FALSE(db.has_value());
  CHECK(db.error().code == errc::db_corrupt);
  CHECK(db.error().detail.find("t.db") != std::string::npos);
}

TEST_CASE("database: read-only refuses to write and to create") {
  temporary_folder folder;
  CHECK_FALSE(database::open(folder / "t.db", {.read_only = true}).has_value());
  {
    auto db = opened(folder / "t.db");
    REQUIRE(db.exec("CREATE TABLE t (i INTEGER)").has_value());
  }
  auto db = opened(folder / "t.db", {.read_only = true});
  CHECK(number(db, "SELECT count(*) FROM t") == 0);
  auto written = db.run("INSERT INTO t VALUES (1)");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == errc::db_failed);
}

TEST_CASE("database: a full disk is disk_full and what was committed stays") {
  temporary_folder folder;
  auto db = opened(folder / "t.db", {durability::normal});
  REQUIRE(db.exec("CREATE TABLE t (b BLOB); PRAGMA max_page_count=20").has_value());
  result<void> last;
  int rows = 0;
  while (rows < 1000 && (last = db.run("INSERT INTO t VALUES (zeroblob(2000))")).has_value())
    ++rows;
  REQUIRE_FALSE(last.has_value());
  CHECK(last.error().code == errc::disk_full);
  CHECK(number(db, "SELECT count(*) FROM t") == rows);
}

TEST_CASE("database: another writer's lock ends in db_failed after the busy timeout") {
  temporary_folder folder;
  auto first = opened(folder / "t.db");
  REQUIRE(first.exec("CREATE TABLE t (i INTEGER)").has_value());
  auto second = opened(folder / "t.db", {.busy_timeout = std::chrono::milliseconds{1}});
  auto held = storage::transaction::begin(first);
  REQUIRE(held.has_value());
  auto refused = storage::transaction::begin(second);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::db_failed);
}

TEST_CASE("database: the integrity check finds a damaged page and a broken reference") {
  temporary_folder folder;
  {
    auto db = opened(folder / "t.db");
    REQUIRE(db.exec("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT); CREATE INDEX t_s ON t (s);")
                .has_value());
    auto all = storage::transaction::begin(db);
    REQUIRE(all.has_value());
    for (int i = 0; i < 2000; ++i)
      REQUIRE(db.run("INSERT INTO t (s) VALUES (?)", "row " + std::to_string(i)).has_value());
    REQUIRE(all->commit().has_value());
    CHECK(db.check_integrity().has_value());
  }
  {
    std::fstream file{folder / "t.db", std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096 * 3 + 8);
    file << std::string(1024, '\x5a');
  }
  auto damaged = opened(folder / "t.db");
  auto found = damaged.check_integrity();
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::db_corrupt);

  auto db = opened(folder / "u.db");
  REQUIRE(db.exec("CREATE TABLE a (i INTEGER PRIMARY KEY);"
                  "CREATE TABLE b (i INTEGER REFERENCES a);"
                  "PRAGMA foreign_keys=OFF; INSERT INTO b VALUES (7);")
              .has_value());
  CHECK_FALSE(db.check_integrity().has_value());
}

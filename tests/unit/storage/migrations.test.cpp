// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations.hpp"

#include <doctest/doctest.h>

#include <array>

#include "support/temporary_folder.hpp"

using namespace vigie;
using storage::database;
using storage::durability;
using storage::migration;

namespace {

constexpr std::array two_steps{migration{1, "first", "CREATE TABLE a (i INTEGER)"},
                               migration{2, "second", "ALTER TABLE a ADD COLUMN j INTEGER"}};

}  // namespace

TEST_CASE("migrate: a new file gets every step, an old one only what it lacks") {
  test::temporary_folder folder;
  auto db = database::open(folder / "t.db", durability::full);
  REQUIRE(db.has_value());
  REQUIRE(storage::migrate(*db, std::span{two_steps}.first(1)).has_value());
  CHECK(db->user_version().value_or(-1) == 1);
  REQUIRE(db->run("INSERT INTO a (i) VALUES (1)").has_value());
  REQUIRE(storage::migrate(*db, two_steps).has_value());
  CHECK(db->user_version().value_or(-1) == 2);
  CHECK(storage::migrate(*db, two_steps).has_value());
  CHECK(db->run("UPDATE a SET j = 2").has_value());
}

TEST_CASE("migrate: a step that fails half-way leaves the step before it whole") {
  test::temporary_folder folder;
  auto db = database::open(folder / "t.db", durability::full);
  REQUIRE(db.has_value());
  constexpr std::array broken{
      two_steps[0], migration{2, "broken", "CREATE TABLE b (i INTEGER); CREATE NONSENSE"}};
  auto done = storage::migrate(*db, broken);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == errc::db_failed);
  CHECK(done.error().detail.find("migration 2 (broken)") != std::string::npos);
  CHECK(db->user_version().value_or(-1) == 1);
  CHECK_FALSE(db->run("INSERT INTO b VALUES (1)").has_value());
  CHECK(storage::migrate(*db, two_steps).has_value());
}

TEST_CASE("migrate: a file of a newer Vigie is refused and left untouched") {
  test::temporary_folder folder;
  auto db = database::open(folder / "t.db", durability::full);
  REQUIRE(db.has_value());
  REQUIRE(db->set_user_version(9).has_value());
  CHECK_FALSE(storage::migrate(*db, two_steps).has_value());
  CHECK(db->user_version().value_or(-1) == 9);
  CHECK_FALSE(db->run("INSERT INTO a (i) VALUES (1)").has_value());
}

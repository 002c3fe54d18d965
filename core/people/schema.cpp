// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "people/people_register.hpp"
#include "storage/migrations.hpp"

namespace vigie::people {
namespace {

constexpr std::array schema{storage::migration{
    1, "people and proposals",
    "CREATE TABLE person ("
    "  name TEXT PRIMARY KEY,"
    "  full_name TEXT NOT NULL,"
    "  role TEXT NOT NULL,"
    "  is_suspended INTEGER NOT NULL,"
    "  is_on_duty INTEGER NOT NULL,"
    "  has_live_right INTEGER NOT NULL,"
    "  has_replay_right INTEGER NOT NULL,"
    "  approval_department TEXT,"  // NULL: no approval
    "  approval_from INTEGER,"     // microseconds since 1970 UTC
    "  approval_until INTEGER,"    // exclusive
    "  approval_is_suspended INTEGER,"
    "  password_hash TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE person_commune ("
    "  name TEXT NOT NULL REFERENCES person (name),"
    "  commune TEXT NOT NULL,"
    "  PRIMARY KEY (name, commune)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE person_designation ("
    "  name TEXT NOT NULL REFERENCES person (name),"
    "  site TEXT NOT NULL,"
    "  PRIMARY KEY (name, site)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE change ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  at INTEGER NOT NULL,"
    "  author TEXT NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  what TEXT NOT NULL,"
    "  person TEXT NOT NULL,"
    "  detail TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE journalled (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL)"
    " STRICT;"
    "INSERT INTO journalled VALUES (1, 0);"
    "CREATE TABLE proposal ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  change TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  author TEXT NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  proposed_at INTEGER NOT NULL,"
    "  state TEXT NOT NULL,"
    "  decided_by TEXT NOT NULL,"
    "  decided_at INTEGER NOT NULL"
    ") STRICT;"}};

}  // namespace

result<void> prepare_people_schema(storage::database& db) { return storage::migrate(db, schema); }

}  // namespace vigie::people

// SPDX-License-Identifier: Apache-2.0
#include "journal/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "base/log.hpp"
#include "journal/anchor.hpp"
#include "journal/entry_bytes.hpp"
#include "storage/migrations.hpp"

namespace vigie::journal {
namespace {

constexpr std::array schema{
    storage::migration{1, "access entries",
                       "CREATE TABLE access_entry ("
                       "  sequence INTEGER PRIMARY KEY AUTOINCREMENT,"
                       "  at_us INTEGER NOT NULL,"
                       "  author TEXT NOT NULL CHECK (author <> ''),"
                       "  authority TEXT NOT NULL CHECK (authority <> ''),"
                       "  verb TEXT NOT NULL,"
                       "  camera TEXT NOT NULL,"
                       "  purpose TEXT NOT NULL,"
                       "  reason TEXT NOT NULL CHECK (trim(reason) <> ''),"
                       "  from_us INTEGER,"
                       "  to_us INTEGER,"
                       "  recipient TEXT NOT NULL"
                       ") STRICT;"
                       "CREATE INDEX access_entry_at ON access_entry (at_us);"
                       "CREATE TRIGGER access_entry_is_never_changed BEFORE UPDATE ON access_entry "
                       "BEGIN SELECT RAISE(ABORT, 'the access journal is append-only'); END;"
                       "CREATE TRIGGER access_entry_is_never_removed BEFORE DELETE ON access_entry "
                       "BEGIN SELECT RAISE(ABORT, 'the access journal is append-only'); END;"},
    // Only what a prune anchor names may be deleted.
    storage::migration{
        2, "hash chain, anchors, head",
        "CREATE TABLE entry ("
        "  sequence INTEGER PRIMARY KEY,"
        "  origin INTEGER NOT NULL,"
        "  at_us INTEGER NOT NULL,"
        "  verb TEXT NOT NULL,"
        "  author TEXT NOT NULL CHECK (author <> ''),"
        "  authority TEXT NOT NULL CHECK (authority <> ''),"
        "  camera TEXT NOT NULL,"
        "  purpose TEXT NOT NULL,"
        "  reason TEXT NOT NULL CHECK (trim(reason) <> ''),"
        "  from_us INTEGER,"
        "  to_us INTEGER,"
        "  recipient TEXT NOT NULL,"
        "  detail TEXT NOT NULL,"
        "  hash BLOB NOT NULL,"
        "  signature BLOB NOT NULL"
        ") STRICT;"
        "CREATE INDEX entry_at ON entry (at_us);"
        "CREATE TABLE anchor ("
        "  number INTEGER PRIMARY KEY,"
        "  kind TEXT NOT NULL,"
        "  first_sequence INTEGER NOT NULL,"
        "  last_sequence INTEGER NOT NULL,"
        "  line TEXT NOT NULL"
        ") STRICT;"
        "CREATE INDEX anchor_last ON anchor (kind, last_sequence);"
        "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), line TEXT NOT NULL) STRICT;"
        "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the access journal is append-only'); END;"
        "CREATE TRIGGER entry_is_only_pruned BEFORE DELETE ON entry "
        "WHEN OLD.sequence > coalesce("
        "  (SELECT max(last_sequence) FROM anchor WHERE kind = 'prune'), 0) "
        "BEGIN SELECT RAISE(ABORT, 'the access journal is append-only'); END;"
        "CREATE TRIGGER anchor_is_never_changed BEFORE UPDATE ON anchor "
        "BEGIN SELECT RAISE(ABORT, 'anchors are append-only'); END;"
        "CREATE TRIGGER anchor_is_never_removed BEFORE DELETE ON anchor "
        "BEGIN SELECT RAISE(ABORT, 'anchors are append-only'); END;"}};

result<bool> holds_row(storage::database& db, std::string_view query) {
  auto found = db.prepare(query);
  if (!found) return tl::unexpected{found.error()};
  return found->step();
}

result<void> put(storage::statement& insert, const stored_entry& e) {
  return insert.run(e.sequence, e.origin, e.at, e.verb, e.author, e.authority, e.camera, e.purpose,
                    e.reason, e.from, e.to, e.recipient, e.detail, byte_view{e.hash},
                    byte_view{e.made});
}

/// The numbers start again at 1 without holes; where the old one differs, the detail tells it.
result<log_head> import_entries(storage::database& db, const signing_key& key) {
  log_head head;
  auto old = db.prepare(
      "SELECT sequence, at_us, verb, author, authority, camera, purpose, reason, from_us, to_us, "
      "recipient FROM access_entry ORDER BY sequence");
  if (!old) return tl::unexpected{old.error()};
  auto insert = db.prepare(
      fmt::format("INSERT INTO entry ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  stored_columns));
  if (!insert) return tl::unexpected{insert.error()};
  while (true) {
    auto row = old->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return head;
    stored_entry e;
    e.sequence = head.sequence + 1;
    e.origin = static_cast<std::int64_t>(entry_origin::imported);
    e.at = old->integer(1);
    e.verb = old->text(2);
    e.author = old->text(3);
    e.authority = old->text(4);
    e.camera = old->text(5);
    e.purpose = old->text(6);
    e.reason = old->text(7);
    e.from = old->get<std::optional<utc_us>>(8);
    e.to = old->get<std::optional<utc_us>>(9);
    e.recipient = old->text(10);
    if (old->integer(0) != e.sequence) e.detail = fmt::format("was entry {}", old->integer(0));
    head.hash = chain_hash(head.hash, e);
    head.sequence = e.sequence;
    e.hash.assign(head.hash.begin(), head.hash.end());
    const auto made = key.sign(entry_message(e.sequence, head.hash));
    e.made.assign(made.begin(), made.end());
    if (auto done = put(*insert, e); !done) return tl::unexpected{done.error()};
  }
}

}  // namespace

result<void> prepare_schema(storage::database& db, const signing_key& key) {
  const auto before = db.user_version();
  if (!before) return tl::unexpected{before.error()};
  if (auto done = storage::migrate(db, schema); !done) return done;
  const auto is_old =
      holds_row(db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'access_entry'");
  if (!is_old) return tl::unexpected{is_old.error()};
  if (!*is_old) return {};
  auto guard = storage::transaction::begin(db);
  if (!guard) return tl::unexpected{guard.error()};
  const auto head = import_entries(db, key);
  if (!head) return tl::unexpected{head.error()};
  // The table goes with the transaction that made the head: a head is signed once for a new file,
  // and one that vanishes later is a finding, never a fresh start.
  if (auto done = db.exec("DROP TABLE access_entry"); !done) return done;
  if (auto done = db.run("INSERT INTO head (one, line) VALUES (1, ?)", to_line(*head, key)); !done)
    return done;
  if (auto done = guard->commit(); !done) return done;
  if (head->sequence > 0)
    log::info("the journal's {} entries from before its hash chain are chained now",
              head->sequence);
  return {};
}

}  // namespace vigie::journal

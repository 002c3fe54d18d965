// SPDX-License-Identifier: Apache-2.0
#include "bus/outbox_store.hpp"

#include <array>
#include <utility>

#include "storage/migrations.hpp"

namespace vigie::bus {
namespace {

constexpr std::array schema{
    storage::migration{1, "waiting events",
                       // AUTOINCREMENT: a row number is not used again after its row was removed,
                       // so that order is birth order for ever.
                       "CREATE TABLE waiting_event ("
                       "  row_number INTEGER PRIMARY KEY AUTOINCREMENT,"
                       "  event_id TEXT NOT NULL UNIQUE,"
                       "  subject TEXT NOT NULL,"
                       "  body TEXT NOT NULL"
                       ") STRICT"},
    storage::migration{2, "register of events",
                       // The body comes last: looking at the other columns of a row never reads
                       // the pages a long body spills over.
                       "CREATE TABLE event_register ("
                       "  row_number INTEGER PRIMARY KEY AUTOINCREMENT,"
                       "  event_id TEXT NOT NULL UNIQUE,"
                       "  born_at INTEGER NOT NULL,"  // microseconds since 1970 UTC
                       "  is_confirmed INTEGER NOT NULL DEFAULT 0,"
                       "  subject TEXT NOT NULL,"
                       "  body TEXT NOT NULL"
                       ") STRICT;"
                       "CREATE INDEX event_waiting ON event_register (row_number)"
                       "  WHERE is_confirmed = 0;"
                       "INSERT INTO event_register (row_number, event_id, born_at, subject, body)"
                       "  SELECT row_number, event_id, coalesce(CAST(strftime('%s',"
                       "      CASE WHEN json_valid(body) THEN json_extract(body, '$.at') END)"
                       "      AS INTEGER) * 1000000, 0), subject, body"
                       "  FROM waiting_event ORDER BY row_number;"
                       "DROP TABLE waiting_event;"}};

}  // namespace

outbox_store::outbox_store(storage::database db, storage::statement insert,
                           storage::statement select, storage::statement confirm,
                           storage::statement prune)
    : db_{std::move(db)},
      insert_{std::move(insert)},
      select_{std::move(select)},
      confirm_{std::move(confirm)},
      prune_{std::move(prune)} {}

result<outbox_store> outbox_store::open(const std::filesystem::path& file) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  if (auto done = storage::migrate(*db, schema); !done) return tl::unexpected{done.error()};
  auto insert = db->prepare(
      "INSERT OR IGNORE INTO event_register (event_id, born_at, subject, body)"
      " VALUES (?, ?, ?, ?)");
  if (!insert) return tl::unexpected{insert.error()};
  auto select = db->prepare(
      "SELECT row_number, subject, body FROM event_register WHERE is_confirmed = 0"
      " ORDER BY row_number LIMIT ?");
  if (!select) return tl::unexpected{select.error()};
  auto confirm = db->prepare(
      "UPDATE event_register SET is_confirmed = 1 WHERE is_confirmed = 0 AND row_number <= ?");
  if (!confirm) return tl::unexpected{confirm.error()};
  // Events are confirmed in order, so what may go is always among the oldest rows.
  auto prune = db->prepare(
      "DELETE FROM event_register WHERE row_number IN ("
      "  SELECT row_number FROM (SELECT row_number, born_at, is_confirmed FROM event_register"
      "                          ORDER BY row_number LIMIT ?1)"
      "  WHERE is_confirmed = 1 AND (born_at < ?2 OR"
      "    row_number <= (SELECT max(row_number) FROM event_register) - ?3))");
  if (!prune) return tl::unexpected{prune.error()};
  return outbox_store{*std::move(db), *std::move(insert), *std::move(select), *std::move(confirm),
                      *std::move(prune)};
}

result<std::size_t> outbox_store::record(std::span<const item> items) {
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  std::size_t fresh = 0;
  for (const auto& i : items) {
    if (auto done = insert_.run(i.id, i.born_at, i.message.subject, i.message.body); !done)
      return tl::unexpected{done.error()};
    fresh += static_cast<std::size_t>(db_.changes());
  }
  if (auto done = all->commit(); !done) return tl::unexpected{done.error()};
  return fresh;
}

result<outbox_store::pending> outbox_store::oldest(std::size_t batch) {
  if (auto bound = select_.bind(batch); !bound) return tl::unexpected{bound.error()};
  pending found;
  while (true) {
    auto row = select_.step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    found.last_row = select_.get<std::int64_t>(0);
    found.messages.push_back({select_.get<std::string>(1), select_.get<std::string>(2)});
  }
  select_.reset();
  return found;
}

result<void> outbox_store::confirm_through(std::int64_t last_row) { return confirm_.run(last_row); }

result<std::size_t> outbox_store::prune(utc_us now, const register_bounds& bounds) {
  const auto expired =
      now - std::chrono::duration_cast<std::chrono::microseconds>(bounds.keep_for).count();
  if (auto done = prune_.run(bounds.prune_batch, expired, bounds.keep_rows); !done)
    return tl::unexpected{done.error()};
  return static_cast<std::size_t>(db_.changes());
}

result<std::size_t> outbox_store::publish_oldest(bus& to, std::size_t batch,
                                                 std::chrono::milliseconds wait) {
  auto found = oldest(batch);
  if (!found) return tl::unexpected{found.error()};
  if (found->messages.empty()) return 0;
  if (auto sent = to.publish_confirmed(found->messages, wait); !sent)
    return tl::unexpected{sent.error()};
  if (auto done = confirm_through(found->last_row); !done) return tl::unexpected{done.error()};
  return found->messages.size();
}

result<std::uint64_t> outbox_store::waiting() {
  auto query = db_.prepare("SELECT count(*) FROM event_register WHERE is_confirmed = 0");
  if (!query) return tl::unexpected{query.error()};
  auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  return *row ? query->get<std::uint64_t>(0) : 0;
}

}  // namespace vigie::bus

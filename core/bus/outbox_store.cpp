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
                       ") STRICT"}};

}  // namespace

outbox_store::outbox_store(storage::database db, storage::statement insert,
                           storage::statement select, storage::statement remove)
    : db_{std::move(db)},
      insert_{std::move(insert)},
      select_{std::move(select)},
      remove_{std::move(remove)} {}

result<outbox_store> outbox_store::open(const std::filesystem::path& file) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  if (auto done = storage::migrate(*db, schema); !done) return tl::unexpected{done.error()};
  auto insert =
      db->prepare("INSERT OR IGNORE INTO waiting_event (event_id, subject, body) VALUES (?, ?, ?)");
  if (!insert) return tl::unexpected{insert.error()};
  auto select = db->prepare(
      "SELECT row_number, subject, body FROM waiting_event ORDER BY row_number LIMIT ?");
  if (!select) return tl::unexpected{select.error()};
  auto remove = db->prepare("DELETE FROM waiting_event WHERE row_number <= ?");
  if (!remove) return tl::unexpected{remove.error()};
  return outbox_store{*std::move(db), *std::move(insert), *std::move(select), *std::move(remove)};
}

result<std::size_t> outbox_store::record(std::span<const item> items) {
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  std::size_t fresh = 0;
  for (const auto& i : items) {
    if (auto done = insert_.run(i.id, i.message.subject, i.message.body); !done)
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

result<void> outbox_store::remove_through(std::int64_t last_row) { return remove_.run(last_row); }

result<std::size_t> outbox_store::publish_oldest(bus& to, std::size_t batch,
                                                 std::chrono::milliseconds wait) {
  auto found = oldest(batch);
  if (!found) return tl::unexpected{found.error()};
  if (found->messages.empty()) return 0;
  if (auto sent = to.publish_confirmed(found->messages, wait); !sent)
    return tl::unexpected{sent.error()};
  if (auto done = remove_through(found->last_row); !done) return tl::unexpected{done.error()};
  return found->messages.size();
}

result<std::uint64_t> outbox_store::waiting() {
  auto query = db_.prepare("SELECT count(*) FROM waiting_event");
  if (!query) return tl::unexpected{query.error()};
  auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  return *row ? query->get<std::uint64_t>(0) : 0;
}

}  // namespace vigie::bus

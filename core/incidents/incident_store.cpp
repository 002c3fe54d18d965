// SPDX-License-Identifier: Apache-2.0
#include "incidents/incident_store.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "incidents/incident_rows.hpp"
#include "incidents/schema.hpp"

namespace vigie::incidents {
namespace {

constexpr std::size_t commit_statements = 9;
enum which : std::size_t {
  put_incident,
  put_line,
  put_delivery,
  put_bus,
  put_journal,
  drop_bus,
  drop_journal,
  set_seq,
  find_incident
};

const std::array<std::string, commit_statements>& texts() {
  static const std::array<std::string, commit_statements> all{
      "INSERT INTO incident (" + std::string{incident_columns} +
          ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
          " ON CONFLICT (id) DO UPDATE SET state=excluded.state, owner=excluded.owner,"
          " revision=excluded.revision, entered_at=excluded.entered_at, signals=excluded.signals,"
          " notes=excluded.notes, escalations=excluded.escalations,"
          " reopenings=excluded.reopenings, notifications=excluded.notifications,"
          " verdict=excluded.verdict, verdict_author=excluded.verdict_author,"
          " verdict_reason=excluded.verdict_reason, verdict_at=excluded.verdict_at,"
          " proposed=excluded.proposed, notification=excluded.notification,"
          " resumes_as=excluded.resumes_as",
      "INSERT INTO logbook (incident, at, author, what, from_state, to_state, text)"
      " VALUES (?,?,?,?,?,?,?)",
      "INSERT INTO delivery (key, incident, kind, recipient, approved_by, approved_at, state, path,"
      " attempt, rounds, reference, detail) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT (key) DO UPDATE SET state=excluded.state, path=excluded.path,"
      " attempt=excluded.attempt, rounds=excluded.rounds, reference=excluded.reference,"
      " detail=excluded.detail",
      "INSERT INTO bus_outbox (seq, subject, body) VALUES (?,?,?)",
      "INSERT INTO journal_outbox (at, author, authority, act, reason, recipient, detail)"
      " VALUES (?,?,?,?,?,?,?)",
      "DELETE FROM bus_outbox WHERE seq <= ?",
      "DELETE FROM journal_outbox WHERE number <= ?",
      "UPDATE store SET last_seq = ?",
      "SELECT " + std::string{incident_columns} + " FROM incident WHERE id = ?"};
  return all;
}

constexpr std::string_view delivery_columns =
    "key, incident, kind, recipient, approved_by, approved_at, state, path, attempt, rounds,"
    " reference, detail";

std::optional<delivery> read_delivery(const storage::statement& row) {
  const auto kind = domain::recipient_kind_from(row.text(2));
  const auto state = delivery_state_from(row.text(6));
  if (!kind || !state) return std::nullopt;
  delivery d;
  d.key = row.text(0);
  d.incident = domain::incident_id{row.get<std::string>(1)};
  d.kind = *kind;
  d.recipient = row.text(3);
  d.approved_by = row.text(4);
  d.approved_utc_us = row.integer(5);
  d.state = *state;
  d.path = row.get<std::uint32_t>(7);
  d.attempt = row.get<std::uint32_t>(8);
  d.rounds = row.get<std::uint32_t>(9);
  d.reference = row.text(10);
  d.detail = row.text(11);
  return d;
}

/// Calls `take` for every row.
template <class Take>
result<void> each_row(storage::statement& query, Take take) {
  while (true) {
    auto row = query.step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    take(query);
  }
  query.reset();
  return {};
}

}  // namespace

struct incident_store::core {
  explicit core(storage::database d) : db{std::move(d)} {}

  result<void> prepare() {
    for (const auto& text : texts()) {
      auto made = db.prepare(text);
      if (!made) return tl::unexpected{made.error()};
      statements.push_back(*std::move(made));
    }
    return {};
  }
  result<std::int64_t> number_of(std::string_view query) {
    auto made = db.prepare(query);
    if (!made) return tl::unexpected{made.error()};
    auto row = made->step();
    if (!row) return tl::unexpected{row.error()};
    return *row ? made->integer(0) : 0;
  }
  result<void> write(const store_batch& batch) {
    result<void> done;
    const auto run = [&](std::size_t which, const auto&... values) {
      if (done) done = statements[which].run(values...);
    };
    for (const auto& row : batch.incidents)
      if (done) done = write_incident(statements[put_incident], row);
    for (const auto& l : batch.logbook)
      run(put_line, l.incident.str(), l.at, l.author, l.what, l.from, l.to, l.text);
    for (const auto& d : batch.deliveries)
      run(put_delivery, d.key, d.incident.str(), domain::name_of(d.kind), d.recipient,
          d.approved_by, d.approved_utc_us, name_of(d.state), d.path, d.attempt, d.rounds,
          d.reference, d.detail);
    for (const auto& b : batch.bus) run(put_bus, b.seq, b.subject, b.body);
    for (const auto& j : batch.journal)
      run(put_journal, j.at, j.author, j.authority.str(), static_cast<int>(j.act), j.reason,
          j.recipient, j.detail);
    if (!batch.bus.empty()) run(set_seq, batch.bus.back().seq);
    if (batch.bus_confirmed > 0) run(drop_bus, batch.bus_confirmed);
    if (batch.journal_confirmed > 0) run(drop_journal, batch.journal_confirmed);
    return done;
  }

  storage::database db;
  std::vector<storage::statement> statements;
};

incident_store::incident_store(std::unique_ptr<core> c) : core_{std::move(c)} {}
incident_store::incident_store(incident_store&&) noexcept = default;
incident_store::~incident_store() = default;

result<incident_store> incident_store::open(const std::filesystem::path& file,
                                            const std::string& fresh_name) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  if (auto done = storage::migrate(*db, schema()); !done) return tl::unexpected{done.error()};
  if (auto done = db->run("INSERT OR IGNORE INTO store (only_row, id, last_seq) VALUES (1, ?, 0)",
                          fresh_name);
      !done)
    return tl::unexpected{done.error()};
  auto c = std::make_unique<core>(*std::move(db));
  if (auto done = c->prepare(); !done) return tl::unexpected{done.error()};
  return incident_store{std::move(c)};
}

result<void> incident_store::commit(const store_batch& batch) {
  auto all = storage::transaction::begin(core_->db);
  if (!all) return tl::unexpected{all.error()};
  if (auto done = core_->write(batch); !done) return done;
  return all->commit();
}

result<recovered> incident_store::recover(domain::instant now) {
  recovered out;
  auto name = core_->db.prepare("SELECT id, last_seq FROM store");
  if (!name) return tl::unexpected{name.error()};
  if (auto done = each_row(*name,
                           [&](const storage::statement& row) {
                             out.store = row.text(0);
                             out.last_seq = row.get<std::uint64_t>(1);
                           });
      !done)
    return tl::unexpected{done.error()};
  const auto last = core_->number_of("SELECT coalesce(max(number), 0) FROM incident");
  if (!last) return tl::unexpected{last.error()};
  out.last_incident = static_cast<std::uint64_t>(*last);
  auto open = core_->db.prepare("SELECT " + std::string{incident_columns} +
                                " FROM incident WHERE state <> 'closed' ORDER BY number");
  if (!open) return tl::unexpected{open.error()};
  if (auto done = each_row(*open,
                           [&](const storage::statement& row) {
                             if (auto i = read_incident(row, now))
                               out.open.push_back(*std::move(i));
                             else
                               out.unreadable.emplace_back(row.text(0));
                           });
      !done)
    return tl::unexpected{done.error()};
  auto waiting = core_->db.prepare("SELECT " + std::string{delivery_columns} +
                                   " FROM delivery WHERE state <> 'acknowledged' ORDER BY key");
  if (!waiting) return tl::unexpected{waiting.error()};
  if (auto done = each_row(*waiting,
                           [&](const storage::statement& row) {
                             if (auto d = read_delivery(row)) {
                               resume(*d, now.mono);
                               out.deliveries.push_back(*std::move(d));
                             } else {
                               out.unreadable.emplace_back(row.text(0));
                             }
                           });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

result<std::uint64_t> incident_store::told_through() {
  const auto told = core_->number_of(
      "SELECT coalesce((SELECT min(seq) - 1 FROM bus_outbox), (SELECT last_seq FROM store))");
  if (!told) return tl::unexpected{told.error()};
  return static_cast<std::uint64_t>(*told);
}

result<std::optional<domain::incident>> incident_store::find(const domain::incident_id& id,
                                                             domain::instant now) {
  auto& query = core_->statements[find_incident];
  if (auto bound = query.bind(id.str()); !bound) return tl::unexpected{bound.error()};
  std::optional<domain::incident> out;
  if (auto done =
          each_row(query, [&](const storage::statement& row) { out = read_incident(row, now); });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

result<std::vector<logbook_line>> incident_store::logbook(const domain::incident_id& id,
                                                          std::size_t limit) {
  auto query = core_->db.prepare(
      "SELECT number, at, author, what, from_state, to_state, text FROM logbook"
      " WHERE incident = ? ORDER BY number DESC LIMIT ?");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(id.str(), limit); !bound) return tl::unexpected{bound.error()};
  std::vector<logbook_line> out;
  if (auto done =
          each_row(*query,
                   [&](const storage::statement& row) {
                     out.push_back({row.integer(0), id, row.integer(1), row.get<std::string>(2),
                                    row.get<std::string>(3), row.get<std::string>(4),
                                    row.get<std::string>(5), row.get<std::string>(6)});
                   });
      !done)
    return tl::unexpected{done.error()};
  std::reverse(out.begin(), out.end());
  return out;
}

result<std::vector<delivery>> incident_store::deliveries(const domain::incident_id& id) {
  auto query = core_->db.prepare("SELECT " + std::string{delivery_columns} +
                                 " FROM delivery WHERE incident = ? ORDER BY approved_at, key");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(id.str()); !bound) return tl::unexpected{bound.error()};
  std::vector<delivery> out;
  if (auto done = each_row(*query,
                           [&](const storage::statement& row) {
                             if (auto d = read_delivery(row)) out.push_back(*std::move(d));
                           });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

result<std::vector<domain::incident>> incident_store::closed(std::size_t limit,
                                                             domain::instant now) {
  auto query = core_->db.prepare("SELECT " + std::string{incident_columns} +
                                 " FROM incident WHERE state = 'closed'"
                                 " ORDER BY number DESC LIMIT ?");
  if (!query) return tl::unexpected{query.error()};
  if (auto bound = query->bind(limit); !bound) return tl::unexpected{bound.error()};
  std::vector<domain::incident> out;
  if (auto done = each_row(*query,
                           [&](const storage::statement& row) {
                             if (auto i = read_incident(row, now)) out.push_back(*std::move(i));
                           });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

told_reader::told_reader(storage::database db, storage::statement bus, storage::statement journal)
    : db_{std::move(db)}, bus_{std::move(bus)}, journal_{std::move(journal)} {}

result<told_reader> told_reader::open(const std::filesystem::path& file) {
  storage::open_options options;
  options.read_only = true;
  auto db = storage::database::open(file, options);
  if (!db) return tl::unexpected{db.error()};
  auto bus =
      db->prepare("SELECT seq, subject, body FROM bus_outbox WHERE seq > ? ORDER BY seq LIMIT ?");
  if (!bus) return tl::unexpected{bus.error()};
  auto journal = db->prepare(
      "SELECT number, at, author, authority, act, reason, recipient, detail FROM journal_outbox"
      " WHERE number > ? ORDER BY number LIMIT ?");
  if (!journal) return tl::unexpected{journal.error()};
  return told_reader{*std::move(db), *std::move(bus), *std::move(journal)};
}

result<std::vector<bus_row>> told_reader::bus_after(std::uint64_t seq, std::size_t limit) {
  if (auto bound = bus_.bind(seq, limit); !bound) return tl::unexpected{bound.error()};
  std::vector<bus_row> out;
  if (auto done = each_row(bus_,
                           [&](const storage::statement& row) {
                             out.push_back({row.get<std::uint64_t>(0), row.get<std::string>(1),
                                            row.get<std::string>(2)});
                           });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

result<std::vector<journal_row>> told_reader::journal_after(std::int64_t number,
                                                            std::size_t limit) {
  if (auto bound = journal_.bind(number, limit); !bound) return tl::unexpected{bound.error()};
  std::vector<journal_row> out;
  if (auto done = each_row(journal_,
                           [&](const storage::statement& row) {
                             out.push_back({row.integer(0), row.integer(1), row.get<std::string>(2),
                                            commune_id{row.get<std::string>(3)},
                                            static_cast<journal_act>(row.integer(4)),
                                            row.get<std::string>(5), row.get<std::string>(6),
                                            row.get<std::string>(7)});
                           });
      !done)
    return tl::unexpected{done.error()};
  return out;
}

}  // namespace vigie::incidents

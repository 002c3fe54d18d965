// SPDX-License-Identifier: Apache-2.0
#include "journal/access_journal.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <utility>

#include "storage/migrations.hpp"

namespace vigie::journal {
namespace {

constexpr std::array all_verbs{access_verb::collection, access_verb::modification,
                               access_verb::consultation, access_verb::communication,
                               access_verb::erasure};

// Hashes that chain the rows come as further columns; AUTOINCREMENT never gives a number twice.
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
                       "BEGIN SELECT RAISE(ABORT, 'the access journal is append-only'); END;"}};

std::optional<access_verb> verb_from(std::string_view name) noexcept {
  for (const auto v : all_verbs)
    if (name_of(v) == name) return v;
  return std::nullopt;
}

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

result<void> check(const access_entry& e) {
  if (is_blank(e.reason)) return fail(errc::reason_missing, "LEG-33: no reason was given");
  if (is_blank(e.author)) return fail(errc::access_denied, "LEG-33: the author is unknown");
  if (e.authority.empty())
    return fail(errc::access_denied, "LEG-03: the viewing authority is unknown");
  return {};
}

result<recorded_entry> read_row(const storage::statement& row) {
  recorded_entry r;
  r.sequence = row.get<std::int64_t>(0);
  auto& e = r.entry;
  e.at = row.get<utc_us>(1);
  e.author = row.get<std::string>(2);
  e.authority = commune_id{row.get<std::string>(3)};
  const auto verb = verb_from(row.text(4));
  e.camera = camera_id{row.get<std::string>(5)};
  const auto purpose = domain::purpose_from(row.text(6));
  if (!verb || !purpose)
    return fail(errc::db_corrupt, fmt::format("access entry {} holds an unknown word", r.sequence));
  e.verb = *verb;
  e.purpose = *purpose;
  e.reason = row.get<std::string>(7);
  if (!row.is_null(8) && !row.is_null(9))
    e.interval = image_interval{row.get<utc_us>(8), row.get<utc_us>(9)};
  e.recipient = row.get<std::string>(10);
  return r;
}

}  // namespace

std::string_view name_of(access_verb v) noexcept {
  switch (v) {
    case access_verb::collection:
      return "collection";
    case access_verb::modification:
      return "modification";
    case access_verb::consultation:
      return "consultation";
    case access_verb::communication:
      return "communication";
    case access_verb::erasure:
      return "erasure";
  }
  return "unknown";
}

struct access_journal::core {
  std::mutex mutex;
  storage::database db;
  storage::statement insert;
  storage::statement select;
};

access_journal::access_journal(std::unique_ptr<core> c) : core_{std::move(c)} {}
access_journal::access_journal(access_journal&&) noexcept = default;
access_journal& access_journal::operator=(access_journal&&) noexcept = default;
access_journal::~access_journal() = default;

result<access_journal> access_journal::open(const std::filesystem::path& file) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  return over(*std::move(db));
}

result<access_journal> access_journal::over(storage::database db) {
  if (auto done = storage::migrate(db, schema); !done) return tl::unexpected{done.error()};
  auto insert = db.prepare(
      "INSERT INTO access_entry (at_us, author, authority, verb, camera, purpose, reason, from_us, "
      "to_us, recipient) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected{insert.error()};
  auto select = db.prepare(
      "SELECT sequence, at_us, author, authority, verb, camera, purpose, reason, from_us, to_us, "
      "recipient FROM access_entry WHERE at_us >= ? AND at_us < ? AND sequence > ? "
      "ORDER BY sequence LIMIT ?");
  if (!select) return tl::unexpected{select.error()};
  auto c =
      std::unique_ptr<core>{new core{{}, std::move(db), *std::move(insert), *std::move(select)}};
  return access_journal{std::move(c)};
}

result<std::int64_t> access_journal::append(const access_entry& e) {
  if (auto valid = check(e); !valid) return tl::unexpected{valid.error()};
  const auto from = e.interval ? std::optional{e.interval->from} : std::nullopt;
  const auto to = e.interval ? std::optional{e.interval->to} : std::nullopt;
  std::lock_guard lock{core_->mutex};
  auto done = core_->insert.run(e.at, e.author, e.authority.str(), name_of(e.verb), e.camera.str(),
                                domain::name_of(e.purpose), e.reason, from, to, e.recipient);
  if (!done) return tl::unexpected{done.error()};
  return core_->db.last_insert_id();
}

result<std::vector<recorded_entry>> access_journal::query(const journal_query& which) {
  std::lock_guard lock{core_->mutex};
  auto& select = core_->select;
  if (auto bound = select.bind(which.from, which.to, which.after_sequence, which.limit); !bound)
    return tl::unexpected{bound.error()};
  std::vector<recorded_entry> found;
  while (true) {
    auto row = select.step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) break;
    auto entry = read_row(select);
    if (!entry) {
      select.reset();
      return tl::unexpected{entry.error()};
    }
    found.push_back(*std::move(entry));
  }
  select.reset();
  return found;
}

}  // namespace vigie::journal

// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <system_error>

#include "storage/sqlite_error.hpp"

namespace vigie::storage {

error sqlite_error(sqlite3* db, int code, std::string_view doing) {
  // SQLITE_FULL is also what the file system's ENOSPC becomes.
  const int primary = code & 0xff;
  const auto kind = primary == SQLITE_FULL                                  ? errc::disk_full
                    : primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ? errc::db_corrupt
                                                                            : errc::db_failed;
  const char* text = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return error{kind, fmt::format("{}: {} (SQLite {})", doing, text, code)};
}

void database::closer::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }

namespace {

/// https://sqlite.org/uri.html: what has a meaning in a URI is escaped.
std::string immutable_uri(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#')
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    else
      uri += c;
  }
  return uri + "?immutable=1";
}

}  // namespace

result<database> database::open(const std::filesystem::path& path, open_options options) {
  options.read_only = options.read_only || options.immutable;
  if (!options.read_only && path.has_parent_path()) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure)
      return fail(errc::db_failed,
                  fmt::format("creating the folder of {}: {}", path.string(), failure.message()));
  }
  sqlite3* raw = nullptr;
  const int flags =
      (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = options.immutable ? sqlite3_open_v2(immutable_uri(path).c_str(), &raw,
                                                       flags | SQLITE_OPEN_URI, nullptr)
                                     : sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  database db{raw};
  const auto opening = fmt::format("opening {}", path.string());
  if (code != SQLITE_OK) return tl::unexpected{sqlite_error(raw, code, opening)};
  sqlite3_busy_timeout(raw, static_cast<int>(options.busy_timeout.count()));
  const auto failed = [&](const error& e) {
    return fail(e.code, fmt::format("{}: {}", opening, e.detail));
  };
  if (auto done = db.exec("PRAGMA foreign_keys=ON"); !done) return failed(done.error());
  if (!options.read_only) {
    auto mode = db.prepare("PRAGMA journal_mode=WAL");
    if (!mode) return failed(mode.error());
    auto row = mode->step();
    if (!row) return failed(row.error());
    // A file system without shared memory (some network mounts) silently keeps another mode.
    if (!*row || mode->text(0) != "wal")
      return fail(errc::db_failed, opening + ": this file system cannot do write-ahead logging");
    mode->reset();
    const auto* level = options.commits == durability::full ? "PRAGMA synchronous=FULL"
                                                            : "PRAGMA synchronous=NORMAL";
    if (auto done = db.exec(level); !done) return failed(done.error());
  }
  // Opening reads nothing: only a first read tells a database from any other file.
  if (auto version = db.user_version(); !version) return failed(version.error());
  return db;
}

result<void> database::exec(std::string_view sql) {
  const std::string text{sql};
  const int code = sqlite3_exec(db_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return tl::unexpected{sqlite_error(db_.get(), code, "executing SQL")};
}

result<statement> database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) return tl::unexpected{sqlite_error(db_.get(), code, "preparing SQL")};
  if (raw == nullptr) return fail(errc::db_failed, "preparing SQL: no statement in the text");
  return statement{raw};
}

result<int> database::user_version() {
  auto query = prepare("PRAGMA user_version");
  if (!query) return tl::unexpected{query.error()};
  auto row = query->step();
  if (!row) return tl::unexpected{row.error()};
  return *row ? query->get<int>(0) : 0;
}

result<void> database::set_user_version(int version) {
  return exec(fmt::format("PRAGMA user_version={}", version));
}

result<void> database::check_integrity() {
  for (const auto* pragma : {"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"}) {
    auto query = prepare(pragma);
    if (!query) return tl::unexpected{query.error()};
    auto row = query->step();
    if (!row) return tl::unexpected{row.error()};
    if (*row && query->text(0) != "ok")
      return fail(errc::db_corrupt, fmt::format("{}: {}", pragma, query->text(0)));
  }
  return {};
}

std::int64_t database::last_insert_id() const noexcept {
  return sqlite3_last_insert_rowid(db_.get());
}

std::int64_t database::changes() const noexcept { return sqlite3_changes64(db_.get()); }

result<transaction> transaction::begin(database& db) {
  if (auto begun = db.exec("BEGIN IMMEDIATE"); !begun) return tl::unexpected{begun.error()};
  return transaction{db};
}

transaction::~transaction() {
  if (db_ != nullptr) (void)db_->exec("ROLLBACK");
}

result<void> transaction::commit() {
  auto done = db_->exec("COMMIT");
  if (!done) (void)db_->exec("ROLLBACK");
  db_ = nullptr;
  return done;
}

}  // namespace vigie::storage

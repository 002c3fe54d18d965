// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "storage/statement.hpp"

struct sqlite3;

namespace vigie::storage {

/// What a commit that returned is worth. Measured on a power cut: `full` lost nothing, `normal`
/// lost up to a tenth of the last commits and stayed intact.
enum class durability : std::uint8_t {
  full = 1,  ///< survives a power cut: journal, outbox, registers
  normal,    ///< survives a killed process; for what can be rebuilt (recording indexes)
};

struct open_options {
  durability commits = durability::full;
  bool read_only = false;
  /// For a copy on a medium that cannot be written, without a write-ahead file: nobody may change
  /// the file while it is open. Implies `read_only`.
  bool immutable = false;
  /// How long a statement waits for another connection's lock before it fails with db_failed.
  std::chrono::milliseconds busy_timeout{2000};
};

/// One SQLite connection in WAL mode with foreign keys enforced. Move-only; one thread at a time.
/// Calls block on the disk: never from an actor or a shard. [worker]
class database {
 public:
  /// Opens `path`, creating the file and its folders unless read-only. Errors: db_corrupt (not a
  /// database, or damaged), disk_full, db_failed (the detail names the file).
  static result<database> open(const std::filesystem::path& path, open_options options);
  static result<database> open(const std::filesystem::path& path, durability commits) {
    return open(path, open_options{commits});
  }

  /// Runs one or several statements without parameters or rows.
  result<void> exec(std::string_view sql);
  /// Compiles one statement; it must not outlive the database by more than its own destructor.
  result<statement> prepare(std::string_view sql);
  /// `prepare`, bind, run to the end: for statements that are not worth keeping.
  template <class... Args>
  result<void> run(std::string_view sql, const Args&... args) {
    auto prepared = prepare(sql);
    if (!prepared) return tl::unexpected{prepared.error()};
    return prepared->run(args...);
  }

  /// The schema number of `storage/migrations.hpp`; 0 in a new file.
  result<int> user_version();
  result<void> set_user_version(int version);

  /// Reads every page, and every index against its table. Errors: db_corrupt with the first
  /// finding.
  result<void> check_integrity();

  std::int64_t last_insert_id() const noexcept;
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const noexcept;

 private:
  struct closer {
    void operator()(sqlite3* db) const noexcept;
  };
  explicit database(sqlite3* db) noexcept : db_{db} {}

  std::unique_ptr<sqlite3, closer> db_;
};

/// Rolls back unless committed. Takes the write lock at once, so that two writers queue instead of
/// failing half-way.
class transaction {
 public:
  static result<transaction> begin(database& db);
  transaction(transaction&& other) noexcept : db_{std::exchange(other.db_, nullptr)} {}
  transaction& operator=(transaction&&) = delete;
  ~transaction();
  /// On failure everything since `begin` is rolled back.
  result<void> commit();

 private:
  explicit transaction(database& db) noexcept : db_{&db} {}
  database* db_;
};

}  // namespace vigie::storage

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "incidents/rows.hpp"
#include "storage/database.hpp"

namespace vigie::incidents {

/// What a start finds.
struct recovered {
  std::string store;  ///< name of this file for ever: no other ever gave the same numbers
  std::vector<domain::incident> open;
  std::vector<delivery> deliveries;     ///< not settled
  std::uint64_t last_incident = 0;      ///< the highest number given
  std::uint64_t last_seq = 0;           ///< of messages for the bus
  std::vector<std::string> unreadable;  ///< ids of open incidents whose row was altered
};

/// The incidents of a node on disk (SQLite, synchronous=FULL): incidents with their logbook,
/// deliveries, and what is still to be told to bus and journal. One thread at a time. [worker]
class incident_store {
 public:
  /// `fresh_name` names a new file. Errors: db_failed, db_corrupt, disk_full. [startup]
  static result<incident_store> open(const std::filesystem::path& file,
                                     const std::string& fresh_name);
  incident_store(incident_store&&) noexcept;
  ~incident_store();

  /// All of it or nothing; durable on return. Errors: db_failed, db_corrupt, disk_full.
  result<void> commit(const store_batch& batch);
  /// Monotonic times of what is found count from `now`.
  result<recovered> recover(domain::instant now);

  /// The bus has taken all messages up to this number.
  result<std::uint64_t> told_through();
  /// Empty: none of that id, or its row was altered.
  result<std::optional<domain::incident>> find(const domain::incident_id& id, domain::instant now);
  /// The last `limit` of the incident's lines, oldest first.
  result<std::vector<logbook_line>> logbook(const domain::incident_id& id, std::size_t limit);
  result<std::vector<delivery>> deliveries(const domain::incident_id& id);
  /// The newest closed ones, newest first.
  result<std::vector<domain::incident>> closed(std::size_t limit, domain::instant now);

 private:
  struct core;
  explicit incident_store(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

/// What the store still has to tell, read beside it by those who tell. One thread at a time.
/// [worker]
class told_reader {
 public:
  /// The store must be open. Errors: db_failed. [startup]
  static result<told_reader> open(const std::filesystem::path& file);
  /// The oldest after that number.
  result<std::vector<bus_row>> bus_after(std::uint64_t seq, std::size_t limit);
  result<std::vector<journal_row>> journal_after(std::int64_t number, std::size_t limit);

 private:
  told_reader(storage::database db, storage::statement bus, storage::statement journal);
  storage::database db_;
  storage::statement bus_;
  storage::statement journal_;
};

}  // namespace vigie::incidents

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bus/bus.hpp"
#include "storage/database.hpp"

namespace vigie::bus {

/// The outbox's table, without threads: the simulation and the tests drive it step by step.
/// One thread at a time. [worker]
class outbox_store {
 public:
  struct item {
    std::string id;
    outgoing message;
  };

  /// Errors: db_failed, db_corrupt, disk_full.
  static result<outbox_store> open(const std::filesystem::path& file);

  /// All or none, durable on return. Returns how many are new: an id that is already there is kept
  /// once.
  result<std::size_t> record(std::span<const item> items);
  /// Publishes the oldest `batch` items and removes them once confirmed. Returns how many; 0:
  /// nothing was waiting. Errors: bus_down (items stay), db_*.
  result<std::size_t> publish_oldest(bus& to, std::size_t batch, std::chrono::milliseconds wait);

  struct pending {
    std::vector<outgoing> messages;
    std::int64_t last_row = 0;  ///< what `remove_through` takes
  };
  result<pending> oldest(std::size_t batch);
  result<void> remove_through(std::int64_t last_row);
  result<std::uint64_t> waiting();

 private:
  outbox_store(storage::database db, storage::statement insert, storage::statement select,
               storage::statement remove);
  storage::database db_;
  storage::statement insert_;
  storage::statement select_;
  storage::statement remove_;
};

}  // namespace vigie::bus

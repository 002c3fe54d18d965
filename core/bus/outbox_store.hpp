// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "bus/bus.hpp"
#include "storage/database.hpp"

namespace vigie::bus {

/// How long confirmed events stay in the register, and how many rows one `prune` looks at.
struct register_bounds {
  std::chrono::hours keep_for{30 * 24};
  std::int64_t keep_rows = 100'000;
  std::size_t prune_batch = 512;
};

/// The register of events, without threads: the simulation and the tests drive it step by step. An
/// event waits until the bus confirmed it, then stays for those who ask what happened lately
/// (`event_register`). One thread at a time. [worker]
class outbox_store {
 public:
  struct item {
    std::string id;
    outgoing message;
    utc_us born_at = 0;
  };

  /// Errors: db_failed, db_corrupt, disk_full.
  static result<outbox_store> open(const std::filesystem::path& file);

  /// All or none, durable on return. Returns how many are new: an id that is already there, waiting
  /// or confirmed, is kept once.
  result<std::size_t> record(std::span<const item> items);
  /// Publishes the oldest `batch` waiting items and marks them once confirmed. Returns how many; 0:
  /// nothing was waiting. Errors: bus_down (items stay), db_*.
  result<std::size_t> publish_oldest(bus& to, std::size_t batch, std::chrono::milliseconds wait);

  struct pending {
    std::vector<outgoing> messages;
    std::int64_t last_row = 0;  ///< what `confirm_through` takes
  };
  result<pending> oldest(std::size_t batch);
  result<void> confirm_through(std::int64_t last_row);
  result<std::uint64_t> waiting();
  /// Looks at the oldest rows and removes those that are confirmed and beyond the bounds. Returns
  /// how many.
  result<std::size_t> prune(utc_us now, const register_bounds& bounds = {});

 private:
  outbox_store(storage::database db, storage::statement insert, storage::statement select,
               storage::statement confirm, storage::statement prune);
  storage::database db_;
  storage::statement insert_;
  storage::statement select_;
  storage::statement confirm_;
  storage::statement prune_;
};

}  // namespace vigie::bus

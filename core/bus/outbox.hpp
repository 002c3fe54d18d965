// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "bus/bus.hpp"
#include "bus/messages.hpp"
#include "bus/outbox_store.hpp"

namespace vigie::bus {

struct outbox_options {
  /// Events accepted but not yet on disk. Reached only when the disk stands still for minutes;
  /// beyond it an event is refused, counted and logged as an error.
  std::size_t queue_capacity = 200'000;
  std::size_t batch = 256;                         ///< published between two confirmations
  std::chrono::milliseconds confirm_within{1000};  ///< then the batch is published again
  std::chrono::milliseconds retry_every{200};      ///< while the bus or the disk refuses
  std::chrono::milliseconds prune_every{60'000};   ///< while there is nothing to publish
  register_bounds keep{};                          ///< of confirmed events
};

struct outbox_counts {
  std::uint64_t waiting = 0;    ///< recorded or queued, not yet confirmed by the bus
  std::uint64_t confirmed = 0;  ///< since the start
  std::uint64_t refused = 0;    ///< since the start: queue full, or not encodable; must stay 0
  std::uint64_t disk_failures = 0;
};

/// No event is lost between its birth and the bus. Two threads: one writes events durably
/// (SQLite, synchronous=FULL), one publishes what is durable, in order, and marks it once the
/// server confirmed; confirmed events stay for `event_register` until they are old or many. What a
/// cut, a crash or a restart left over is published again under the same id, so readers see every
/// event at least once.
class outbox {
 public:
  /// Opens or creates the file and starts the threads; `to` and `time` outlive the outbox. Errors:
  /// db_failed, db_corrupt, disk_full. [startup]
  static result<std::unique_ptr<outbox>> open(const std::filesystem::path& file, bus& to,
                                              const clock& time, outbox_options options = {});
  /// Makes what was posted durable; what the bus has not confirmed by then waits for the next
  /// start.
  ~outbox();

  /// Takes the event over. Never blocks on disk or bus. False, with an error in the log and a
  /// count, only when the queue is full. [thread-safe]
  bool post(event_message event);

  outbox_counts counts() const;  ///< [thread-safe]

 private:
  struct core;
  explicit outbox(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

}  // namespace vigie::bus

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "incidents/desk_room.hpp"

namespace vigie::incidents {

struct desk_options {
  domain::incident_rules rules;
  delivery_rules deliveries;
  std::size_t capacity = 50'000;  ///< tasks that wait; a joined raise takes no place
  std::size_t publish_batch = 256;
  std::chrono::milliseconds retry_every{200};  ///< while disk, bus or journal refuses
};

/// Where the desk's facts go. `send` must hand over and return; the other two block, each on a
/// thread of its own, and are called again with the same rows until they succeed.
struct desk_ports {
  core_ports core;
  std::function<void(const due_send&)> send;
  std::function<result<void>(std::span<const bus_row>)> publish;
  std::function<result<void>(std::span<const journal_row>)> journal;
};

struct desk_counts {
  core_counts core;
  std::uint64_t commits = 0;
  std::uint64_t disk_failures = 0;
  std::uint64_t turned_away = 0;  ///< tasks the full intake did not take; must stay 0
  std::uint64_t bus_waiting = 0;  ///< messages not yet confirmed by the bus
  std::size_t intake = 0;
};

/// The alarm desk: one thread takes what signals, persons and notifiers say, writes all that waits
/// in one commit (SQLite, synchronous=FULL), and only then answers and sends; two more tell bus and
/// journal what is on disk, at least once and in order. What was open or on its way before a crash
/// goes on at the next start. All members are [thread-safe].
class incident_desk {
 public:
  /// `time` and what the ports refer to outlive the desk. Errors: db_failed, db_corrupt, disk_full.
  /// [startup]
  static result<std::unique_ptr<incident_desk>> open(const std::filesystem::path& file,
                                                     const std::string& fresh_name,
                                                     desk_ports ports, const clock& time,
                                                     desk_options options = {});
  /// Writes what waits; what bus and journal have not taken waits for the next start.
  ~incident_desk();

  /// False, with a count, only when more waits than fits. Answers come on the desk's thread.
  bool post(desk_task task);
  desk_counts counts() const;

 private:
  struct core;
  explicit incident_desk(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

}  // namespace vigie::incidents

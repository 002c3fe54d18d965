// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "bus/messages.hpp"
#include "storage/database.hpp"

namespace vigie::bus {

/// Reads what the outbox keeps, over a connection of its own: neither waits for the other. One
/// thread at a time. [worker]
class event_register {
 public:
  /// `file` is that of an outbox that is open already. Errors: db_failed, db_corrupt. [startup]
  static result<event_register> open(const std::filesystem::path& file);

  /// The events asked for, in reverse order of birth, waiting ones included; fewer than asked, with
  /// `more` set, when they would not fit one message. An event `before` that is no longer kept has
  /// nothing older either. Of the last 100,000 only those that `is_for` the asker. Errors:
  /// db_failed, db_corrupt.
  result<events_reply> recent(
      const events_recent_request& ask, const std::function<bool(const event_message&)>& is_for =
                                            [](const event_message&) { return true; });

 private:
  event_register(storage::database db, storage::statement find, storage::statement select);
  result<std::int64_t> row_of(const std::string& event_id);

  storage::database db_;
  storage::statement find_;
  storage::statement select_;
};

}  // namespace vigie::bus

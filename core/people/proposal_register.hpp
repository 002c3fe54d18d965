// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/two_person.hpp"
#include "storage/database.hpp"

namespace vigie::people {

/// What was proposed and decided, on disk; the rules are domain's, and are asked here inside the
/// transaction, so that two deciders cannot both be first. One thread at a time. [worker]
class proposal_register {
 public:
  /// `file` is the people register's. Errors: db_failed, db_corrupt, disk_full. [startup]
  static result<proposal_register> open(const std::filesystem::path& file);

  /// Gives the proposal's number. Errors: access_denied, reason_missing, config_invalid (subject
  /// blank or too long).
  result<std::int64_t> propose(const domain::person* who, domain::sensitive_change change,
                               const std::string& subject, const std::string& reason, utc_us now);
  /// `wanted` is confirmed or rejected. Gives the proposal as decided. Errors: access_denied,
  /// not_found.
  result<domain::proposal> decide(const domain::person* who, std::int64_t number,
                                  domain::proposal_state wanted, utc_us now);
  /// The last `limit`, newest first.
  result<std::vector<domain::proposal>> recent(std::size_t limit);
  /// Whether two persons agreed to exactly this.
  result<bool> is_confirmed(domain::sensitive_change change, const std::string& subject);

 private:
  explicit proposal_register(storage::database db) : db_{std::move(db)} {}
  storage::database db_;
};

}  // namespace vigie::people

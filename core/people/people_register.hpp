// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/people.hpp"
#include "storage/database.hpp"

namespace vigie::people {

/// Who changes the register, and why (LEG-33).
struct change_note {
  std::string author;  ///< a signed-in name, or "os/<login>" for the command line
  std::string reason;
  std::string what;  ///< in one word: "approve", "suspend" …
};

/// A change as it happened. Numbers grow without end and are never used again.
struct recorded_change {
  std::int64_t number = 0;
  utc_us at = 0;
  std::string person;
  std::string detail;
  change_note note;
};

/// What signs a person in.
struct credential_row {
  std::string name;
  std::string password_hash;  ///< `$2a$…`
};

/// The people of a centre, on disk. Each change and its line in the register's own log are one
/// transaction. One thread at a time; other processes may hold the same file. [worker]
class people_register {
 public:
  /// Opens or makes `file`. Errors: db_failed, db_corrupt, disk_full. [startup]
  static result<people_register> open(const std::filesystem::path& file, const clock& time);

  /// A new person. Errors: config_invalid (a name that is no id, or known already; no hash; an
  /// approval that ends before it begins), reason_missing.
  result<void> add(const domain::person& who, const std::string& password_hash,
                   const change_note& note);
  /// Lets `apply` change the person and tell what it changed, in one transaction; a failure of
  /// `apply` changes nothing. The name stays. Errors: not_found, reason_missing, config_invalid,
  /// those of `apply`.
  result<void> change(const std::string& name, const change_note& note,
                      const std::function<result<std::string>(domain::person&)>& apply);
  /// Errors: not_found, reason_missing, config_invalid.
  result<void> set_password(const std::string& name, const std::string& password_hash,
                            const change_note& note);

  /// Everybody, in order of name.
  result<std::vector<domain::person>> all();
  /// Of everybody who may sign in, in order of name.
  result<std::vector<credential_row>> credentials();

  /// Number of the last change; 0 before the first. Cheap: made to be asked a few times a second.
  result<std::int64_t> last_change();
  /// Changes the journal does not have yet, oldest first.
  result<std::vector<recorded_change>> unjournalled(std::size_t limit);
  /// The journal has all changes up to `number`.
  result<void> note_journalled(std::int64_t number);

 private:
  people_register(storage::database db, storage::statement last, const clock& time);
  result<domain::person> read(const std::string& name);
  result<void> write(const domain::person& who);
  result<void> log(const std::string& person, const std::string& detail, const change_note& note);

  storage::database db_;
  storage::statement last_;
  const clock* time_;
};

/// Brings the file's schema up to date; for those who open it beside the register.
result<void> prepare_people_schema(storage::database& db);

}  // namespace vigie::people

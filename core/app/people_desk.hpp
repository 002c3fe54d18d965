// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "domain/two_person.hpp"
#include "journal/access_journal.hpp"
#include "people/people_register.hpp"
#include "people/proposal_register.hpp"
#include "people/roster.hpp"

namespace vigie::app {

/// The people of the running centre: keeps the roster the same as the register, whoever changed it
/// (this process, or `vigie user` in another), within a quarter of a second, and copies each change
/// into the journal.
class people_desk {
 public:
  /// Called after the roster was replaced, on this desk's thread or that of `change`.
  using listener = std::function<void()>;

  /// Errors: db_failed, db_corrupt, disk_full. [startup]
  static result<std::unique_ptr<people_desk>> open(const std::filesystem::path& data_dir,
                                                   journal::access_journal& journal,
                                                   const clock& time);
  ~people_desk();

  /// Starts to watch the register; `changed` is called at once as well. Once. [startup]
  void start(listener changed);
  /// No listener runs any more when it returns. Idempotent.
  void stop();

  const people::roster& roster() const noexcept { return roster_; }
  /// Of everybody who may sign in. [worker]
  result<std::vector<people::credential_row>> credentials();

  /// Changes a person; what it changed is in force when it returns. Errors: those of the register.
  /// [worker]
  result<void> change(const std::string& name, const people::change_note& note,
                      const std::function<result<std::string>(domain::person&)>& apply);

  /// What takes two persons; each step stands in the journal before it counts. Errors:
  /// access_denied, reason_missing, not_found, those of the journal. [worker]
  result<std::int64_t> propose(const std::string& user, domain::sensitive_change change,
                               const std::string& subject, const std::string& reason);
  result<domain::proposal> decide(const std::string& user, std::int64_t number,
                                  domain::proposal_state wanted, const std::string& reason);
  result<std::vector<domain::proposal>> proposals();
  /// Whether two persons agreed to exactly this; false also when it cannot be read. [thread-safe]
  bool is_confirmed(domain::sensitive_change change, const std::string& subject);

 private:
  people_desk(people::people_register people, people::proposal_register proposals,
              journal::access_journal& journal, const clock& time);
  void watch();
  /// Journals what is new, then takes it over. True: the roster was replaced.
  result<bool> refresh();
  result<void> journal_changes();
  result<void> journal_decision(const std::string& user, const std::string& reason,
                                const std::string& what);

  const clock& time_;
  journal::access_journal& journal_;
  people::roster roster_;
  listener changed_;

  std::mutex mutex_;  ///< of the registers
  people::people_register register_;
  people::proposal_register proposals_;
  std::int64_t known_change_ = -1;
  bool owes_journal_ = true;
  log::rate_limit trouble_{60'000'000'000};

  std::mutex end_mutex_;
  std::condition_variable end_changed_;
  bool ending_ = false;
  std::thread watcher_;
};

}  // namespace vigie::app

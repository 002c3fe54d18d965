// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "incidents/desk_core.hpp"
#include "incidents/incident_store.hpp"

// The desk's core and its disk together, still without a thread: tests and the crash measure drive
// it step by step, `incident_desk` from its thread.
namespace vigie::incidents {

using act_answer = std::function<void(taken<domain::incident>)>;

struct raise_task {
  domain::sender from;
  domain::alarm_signal signal;
  std::string text;
  act_answer done;
};
struct remark_task {
  domain::alarm_signal signal;
  std::string text;
};
struct act_task {
  domain::sender from;
  domain::signed_act message;
  act_answer done;
};
/// A notifier speaks of a notification.
struct report_task {
  domain::sender from;
  std::string key;
  /// Which of the recipient's paths the speaker is; empty: none.
  std::function<std::optional<std::uint32_t>(const delivery&)> path_of;
  path_report what;
};
/// Something the desk was never given as an act was refused; counted and journalled.
struct refusal_task {
  std::string author;
  commune_id authority;
  refused why = refused::not_a_person;
  std::string about;
};
/// A look at the desk, between two batches.
struct ask_task {
  std::function<void(const desk_core&, incident_store&)> ask;
};
using desk_task =
    std::variant<raise_task, remark_task, act_task, report_task, refusal_task, ask_task>;

/// What bus and journal have taken since; 0: nothing new.
struct confirmed_numbers {
  std::uint64_t bus = 0;
  std::int64_t journal = 0;
};

struct run_outcome {
  std::vector<due_send> sends;   ///< to be given to their notifiers now
  std::vector<desk_task> again;  ///< must not be lost, and are not on disk: try them again
  std::optional<error> failure;  ///< of the disk; nothing of the batch happened
  bool has_bus_rows = false;
  bool has_journal_rows = false;
};

class desk_room {
 public:
  /// Opens or makes the store and takes up what it holds. Errors: db_failed, db_corrupt, disk_full.
  static result<std::unique_ptr<desk_room>> open(const std::filesystem::path& file,
                                                 const std::string& fresh_name, core_ports ports,
                                                 domain::incident_rules rules,
                                                 delivery_rules deliveries, domain::instant now);

  /// All tasks and all timers that are due in one commit. Answers are given afterwards, those of
  /// acts that the disk did not take with `not_durable`.
  run_outcome run(std::vector<desk_task> tasks, confirmed_numbers confirmed, domain::instant now);
  const desk_core& core() const noexcept { return core_; }
  incident_store& store() noexcept { return store_; }

 private:
  desk_room(incident_store store, core_ports ports, domain::incident_rules rules,
            delivery_rules deliveries, recovered found, domain::instant now)
      : store_{std::move(store)},
        core_{std::move(ports), rules, deliveries, std::move(found), now} {}

  incident_store store_;
  desk_core core_;
};

}  // namespace vigie::incidents

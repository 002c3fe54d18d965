// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "day/day_plan.hpp"

namespace vigie::simulators {

/// What is done in the room at a moment: by an operator, by a panel, or by the world.
enum class deed_kind : unsigned char {
  raise = 1,  ///< somebody or something signals it
  claim,
  verify,
  conclude,  ///< the verdict, by what is there
  monitor,
  propose,
  approve,
  call,       ///< no machine reached the recipient: by voice
  intervene,  ///< the force is there
  close,
  open_live,
  open_replay,
  fail,  ///< a camera or a site goes out
  heal,
};
std::string_view name_of(deed_kind k) noexcept;

/// One thing to do now. `seat` counts the operators from 0; nobody's for raise, fail and heal.
struct deed {
  deed_kind kind = deed_kind::raise;
  const day_entry* entry = nullptr;
  unsigned seat = 0;
  std::string incident;
  std::uint64_t revision = 0;
};

/// What the bus says of an incident, as far as the room cares.
struct incident_news {
  std::string id;
  std::string state;
  std::uint64_t revision = 0;
  int score = 0;
  bool needs_call = false;  ///< no notifier reaches the recipient
  std::string type{};
  std::string origin{};
  std::string commune{};
  std::string site{};
  std::string camera{};
};

/// When things came to pass, of one entry; empty: not yet.
struct entry_times {
  std::optional<day_time> raised;  ///< signalled
  std::optional<day_time> told;    ///< the centre spoke of it
  std::optional<day_time> claimed;
  std::optional<day_time> verdict;
  std::optional<day_time> approved;
  std::optional<day_time> notified;
  std::optional<day_time> acknowledged;
  std::optional<day_time> closed;
};

/// A room of operators who go through the day of a plan: each takes the most urgent thing that
/// waits, looks, concludes, has others told, and writes a report, as slowly as people do. Pure: it
/// says what is to be done and is told what came of it. What the centre finds out by itself about
/// cameras is handled, too, by telling the contractor. All times are of the simulated day.
class duty_room {
 public:
  /// `plan` is borrowed and outlives the room.
  duty_room(const day_plan& plan, unsigned operators);

  /// What is to be done up to `now`, in order. Each deed must be answered by `on_done` or
  /// `on_refused` before the next call.
  std::vector<deed> due(day_time now);
  /// When something will be due that is known today; empty: never, unless news come.
  std::optional<day_time> next_due() const;

  /// A raise was taken; `incident` is its name from now on. Several entries may be one incident.
  void on_raised(const deed& done, const std::string& incident, day_time now);
  /// It was done; `stands` is the incident since, empty where there is none.
  void on_done(const deed& done, const incident_news& stands, day_time now);
  /// The centre refused. An act that lost a race is tried again; others end the entry as failed.
  void on_refused(const deed& refused, std::string_view code, day_time now);
  void on_news(const incident_news& news, day_time now);

  /// The centre or a recipient has the next word on something.
  bool awaits_news() const;
  /// Everything has happened and is closed, or failed.
  bool is_over() const;
  const entry_times& times_of(const day_entry& entry) const;
  /// The incident an entry became; empty: none.
  const std::string& incident_of(const day_entry& entry) const;
  struct failure {
    unsigned entry = 0;
    deed_kind kind = deed_kind::raise;
    std::string code;
  };
  const std::vector<failure>& failures() const { return failures_; }
  /// Incidents that the centre itself raised about its cameras, and those of them that are closed.
  struct findings {
    unsigned raised = 0;
    unsigned closed = 0;
  };
  findings found_by_centre() const;
  std::vector<std::string> all_incidents() const;
  std::uint64_t lost_races() const { return lost_races_; }

 private:
  enum class stage : unsigned char {
    to_come = 1,
    signalled,  ///< not yet told by the centre
    waiting,    ///< for an operator
    handled,    ///< an operator has it and something is due
    away,       ///< others have it: the room waits for news
    over,
    failed,
  };
  struct item {
    const day_entry* entry = nullptr;
    stage at = stage::to_come;
    deed_kind next = deed_kind::raise;
    day_time due{0};
    std::optional<unsigned> seat;  ///< of the operator who owns it
    bool holds_seat = false;       ///< that operator does nothing else meanwhile
    std::string incident;
    std::uint64_t revision = 0;
    int score = 0;
    bool is_second = false;  ///< joined an incident that another entry has
    unsigned tries = 0;
    entry_times times;
  };
  item& item_of(const day_entry& e) { return items_[e.number - 1]; }
  void take_finding(const incident_news& news, day_time now);
  void plan_next(item& i, deed_kind next, day_time when);
  void free_seat(item& i);
  void finish(item& i, day_time now);
  void seat_waiting(day_time now);
  void after(item& i, deed_kind done, day_time now);

  std::vector<item> items_;      ///< of the plan, then of what the centre found
  std::deque<day_entry> found_;  ///< by the centre; a deque, because items point into it
  std::size_t planned_ = 0;
  std::vector<bool> busy_;
  std::map<std::string, std::size_t> by_incident_;
  std::vector<failure> failures_;
  std::uint64_t lost_races_ = 0;
};

}  // namespace vigie::simulators

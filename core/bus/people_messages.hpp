// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

/// Bodies about people: who signs in, who is on duty, who watches, what takes two persons.
namespace vigie::bus {

// -- requests
// --------------------------------------------------------------------------------------

/// Who am I, and what may I do: the first request of a page that signed in.
struct people_me_request {
  std::string correlation;
};

/// Comes on duty, or goes off duty.
struct people_duty_request {
  std::string correlation;
  bool is_on_duty = false;
  std::string reason;
};

struct people_list_request {
  std::string correlation;
};

/// Takes everything away from a person at once, or gives it back.
struct people_suspend_request {
  std::string correlation;
  std::string name;
  bool is_suspended = true;
  std::string reason;
};

struct proposals_list_request {
  std::string correlation;
};

struct proposals_open_request {
  std::string correlation;
  std::string change;   ///< enable_analytics | external_access | mask_removal
  std::string subject;  ///< what exactly
  std::string reason;
};

struct proposals_decide_request {
  std::string correlation;
  std::uint64_t number = 0;
  std::string decision;  ///< confirmed | rejected
  std::string reason;
};

/// Which viewing sessions are open: one's own, or everybody's for those who may read them.
struct sessions_list_request {
  std::string correlation;
};

struct sessions_end_request {
  std::string correlation;
  std::string session;
  std::string reason;
};

// -- replies
// ---------------------------------------------------------------------------------------

struct approval_entry {
  std::string department;
  utc_us valid_from = 0;
  utc_us valid_until = 0;
  bool is_suspended = false;
};

struct person_entry {
  std::string name;
  std::string full_name;
  std::string role;
  bool is_on_duty = false;
  bool is_suspended = false;
  bool has_live_right = false;
  bool has_replay_right = false;
  std::vector<commune_id> communes;
  std::vector<approval_entry> approvals;  ///< none or one
};

struct me_reply {
  std::string correlation;
  person_entry person;
  std::vector<std::string> acts;      ///< `domain::act` by name
  std::vector<std::string> subjects;  ///< what the server lets this user listen to
};

struct people_reply {
  std::string correlation;
  std::vector<person_entry> people;
};

struct proposal_entry {
  std::uint64_t number = 0;
  std::string change;
  std::string subject;
  std::string author;
  std::string reason;
  utc_us proposed_at = 0;
  utc_us expires_at = 0;
  std::string state;  ///< open | confirmed | rejected
  std::optional<std::string> decided_by;
  std::optional<utc_us> decided_at;
};

struct proposals_reply {
  std::string correlation;
  std::vector<proposal_entry> proposals;
};

struct session_entry {
  std::string session;
  std::string user;
  std::string kind;  ///< live | replay
  commune_id authority;
  std::string purpose;
  std::string reason;
  std::vector<camera_id> cameras;
  utc_us since = 0;
};

struct sessions_reply {
  std::string correlation;
  std::vector<session_entry> sessions;
};

}  // namespace vigie::bus

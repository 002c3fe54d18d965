// SPDX-License-Identifier: Apache-2.0
#include "app/request_rules.hpp"

#include <algorithm>
#include <array>

namespace vigie::app {
namespace {

using domain::act;

constexpr std::array rules{
    request_rule{"state", "snapshot", act::read_states},
    request_rule{"events", "recent", act::read_states},
    request_rule{"live", "open", act::view_live},
    request_rule{"replay", "open", act::view_replay},
    request_rule{"sessions", "list", std::nullopt},      // one's own; others' with read_sessions
    request_rule{"sessions", "end", std::nullopt},       // one's own; others' with end_session
    request_rule{"incidents", "", act::read_incidents},  // the incident desk asks the rest
    request_rule{"people", "me", std::nullopt},
    request_rule{"people", "duty", act::set_own_duty},
    request_rule{"people", "list", act::read_people},
    request_rule{"people", "suspend", act::suspend_person},
    request_rule{"proposals", "list", act::read_proposals},
    request_rule{"proposals", "open", act::propose_change},
    request_rule{"proposals", "decide", act::read_proposals},  // an author may take back
    request_rule{"plugins", "list", act::read_plugins},
    request_rule{"plugins", "why", act::read_plugins},
    request_rule{"plugins", "exercise", act::exercise_notifier},
};

}  // namespace

std::span<const request_rule> request_rules() noexcept { return rules; }

std::optional<domain::access_refusal> request_obstacle(const domain::person* who,
                                                       const bus::request_address& asked) noexcept {
  if (who == nullptr) return domain::access_refusal::unknown_person;
  if (who->is_suspended) return domain::access_refusal::person_suspended;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const request_rule& r) {
    return r.service == asked.service && (r.verb.empty() || r.verb == asked.verb);
  });
  if (rule == rules.end()) return domain::access_refusal::role_may_not;
  if (!rule->needs) return std::nullopt;
  return domain::obstacle(who, *rule->needs);
}

}  // namespace vigie::app

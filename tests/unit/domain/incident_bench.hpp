// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "domain/incident_machine.hpp"

namespace vigie::domain {

/// One incident in Cergy, the people of its centre, and a clock.
struct incident_bench {
  static constexpr utc_us day_us = 86'400'000'000;

  manual_clock time;
  std::vector<duty_person> people;
  std::vector<recipient_kind> open{recipient_kind::national_police_cic,
                                   recipient_kind::fire_rescue_cta};
  incident_rules rules;
  alarm_signal first{incident_origin::alarm_panel, incident_kind::intrusion, commune_id{"95127"},
                     site_id{"college"}, "panel-1"};
  incident state;
  std::vector<incident_effect> effects;
  refusal_kind refused{};

  incident_bench() {
    people = {
        person("amel", centre_role::video_operator), person("bruno", centre_role::video_operator),
        person("chief", centre_role::room_chief), person("dpo", centre_role::privacy_officer)};
    state = *raise(incident_id{"i1"}, {sender_kind::plugin, "dc09"}, first, setting(), now());
  }
  duty_person person(std::string name, centre_role role) const {
    return {std::move(name),
            role,
            true,
            viewing_approval{"95", time.utc() - day_us, time.utc() + day_us, false},
            {commune_id{"95127"}}};
  }
  duty_person& who(std::string_view name) {
    for (auto& p : people)
      if (p.name == name) return p;
    return people.front();
  }
  instant now() const { return {time.mono(), time.utc()}; }
  incident_setting setting() const { return {people, open, rules}; }

  bool give(const incident_input& input) {
    auto stepped = step(state, input, setting(), now());
    if (!stepped) {
      refused = stepped.error();
      return false;
    }
    state = std::move(stepped->next);
    for (auto& e : stepped->effects) effects.push_back(std::move(e));
    return true;
  }
  signed_act message(std::string author, incident_act act) const {
    return {state.id, std::move(author), state.commune, state.revision, time.utc(), std::move(act)};
  }
  static incident_input from(sender_kind kind, const std::string& name, incident_body body) {
    incident_input input;
    input.from.kind = kind;
    input.from.name = name;
    input.body = std::move(body);
    return input;
  }
  bool act(const std::string& name, incident_act what) {
    return give(from(sender_kind::person, name, message(name, std::move(what))));
  }
  bool centre(incident_body what) {
    return give(from(sender_kind::centre, "centre", std::move(what)));
  }
  void wait(std::chrono::seconds d) { time.advance(d); }

  /// Leads the incident to `to` along the shortest way, amel being the operator.
  void lead_to(incident_state to) {
    using enum incident_state;
    if (to == raised) return;
    centre(incident_stored{});
    if (to == queued) return;
    if (to == escalated) {
      wait(rules.claim_patience);
      centre(incident_tick{});
      return;
    }
    act("amel", claim{});
    if (to == claimed) return;
    act("amel", start_verification{});
    if (to == verifying) return;
    auto verdict = verdict_kind::confirmed;
    if (to == false_alarm || to == closed || to == reopened) verdict = verdict_kind::false_alarm;
    if (to == inconclusive || to == monitored) verdict = verdict_kind::inconclusive;
    act("amel", record_verdict{verdict, "seen on camera 3"});
    if (to == monitored) act("amel", monitor{});
    if (to == closed || to == reopened) act("amel", close{"the owner, locked out"});
    if (to == reopened) act("amel", reopen{"a second person"});
    if (verdict != verdict_kind::confirmed || to == confirmed) return;
    act("amel", propose_notification{recipient_kind::national_police_cic});
    if (to == notification_proposed) return;
    act("amel", approve_notification{});
    if (to == notification_approved) return;
    centre(notification_delivered{state.notification});
    if (to == notified) return;
    centre(notification_acknowledged{state.notification});
    if (to == acknowledged) return;
    act("amel", start_intervention{});
  }

  std::size_t notified() const {
    std::size_t n = 0;
    for (const auto& e : effects) n += std::holds_alternative<notify>(e) ? 1U : 0U;
    return n;
  }
};

inline constexpr std::array all_incident_states{incident_state::raised,
                                                incident_state::queued,
                                                incident_state::claimed,
                                                incident_state::verifying,
                                                incident_state::false_alarm,
                                                incident_state::inconclusive,
                                                incident_state::monitored,
                                                incident_state::confirmed,
                                                incident_state::notification_proposed,
                                                incident_state::notification_approved,
                                                incident_state::notified,
                                                incident_state::acknowledged,
                                                incident_state::under_intervention,
                                                incident_state::escalated,
                                                incident_state::closed,
                                                incident_state::reopened};

}  // namespace vigie::domain

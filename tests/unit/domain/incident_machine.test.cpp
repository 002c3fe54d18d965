// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_machine.hpp"

#include <doctest/doctest.h>

#include <set>
#include <type_traits>

#include "unit/domain/incident_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

// Nobody but the machine can make the proofs.
static_assert(!std::is_default_constructible_v<approved_notification>);
static_assert(!std::is_constructible_v<approved_notification, std::string, recipient_kind,
                                       human_verdict, utc_us>);
static_assert(!std::is_aggregate_v<approved_notification>);
static_assert(!std::is_default_constructible_v<human_verdict>);
static_assert(!std::is_constructible_v<human_verdict, incident_id, verdict_kind, std::string,
                                       std::string, utc_us>);
static_assert(!std::is_default_constructible_v<notify>);

namespace {

using enum incident_state;

/// Which states each act or report leads to from each state, the owner acting. What is not listed
/// must be refused.
struct arrow {
  incident_state from;
  std::size_t what;  ///< index into inputs()
  incident_state to;
};

std::vector<incident_act> acts() {
  return {claim{},
          release{},
          transfer{"bruno"},
          start_verification{},
          record_verdict{verdict_kind::confirmed, "seen"},
          record_verdict{verdict_kind::false_alarm, "seen"},
          record_verdict{verdict_kind::inconclusive, "seen"},
          monitor{},
          escalate{"too dark"},
          propose_notification{recipient_kind::fire_rescue_cta},
          approve_notification{},
          start_intervention{},
          close{"report"},
          reopen{"reason"},
          record_call{"the duty officer has it"}};
}

const std::vector<arrow>& arrows() {
  static const std::vector<arrow> all{
      {queued, 0, claimed},
      {escalated, 0, claimed},
      {reopened, 0, claimed},
      {claimed, 1, queued},
      {verifying, 1, queued},
      {claimed, 2, claimed},
      {verifying, 2, claimed},
      {false_alarm, 2, claimed},
      {inconclusive, 2, claimed},
      {monitored, 2, claimed},
      {confirmed, 2, claimed},
      {notification_proposed, 2, claimed},
      {notification_approved, 2, notification_approved},
      {notified, 2, notified},
      {acknowledged, 2, acknowledged},
      {under_intervention, 2, under_intervention},
      {claimed, 3, verifying},
      {verifying, 4, confirmed},
      {verifying, 5, false_alarm},
      {verifying, 6, inconclusive},
      {inconclusive, 7, monitored},
      {inconclusive, 8, escalated},
      {confirmed, 9, notification_proposed},
      {notification_proposed, 10, notification_approved},
      {acknowledged, 11, under_intervention},
      {false_alarm, 12, closed},
      {monitored, 12, closed},
      {under_intervention, 12, closed},
      {closed, 13, reopened},
      {notification_approved, 14, acknowledged},
      {notified, 14, acknowledged},
  };
  return all;
}

}  // namespace

TEST_CASE("incident: every act leads from every state where the life cycle says, or is refused") {
  const auto every = acts();
  for (const auto from : all_incident_states) {
    for (std::size_t what = 0; what < every.size(); ++what) {
      CAPTURE(name_of(from));
      CAPTURE(what);
      incident_bench b;
      b.lead_to(from);
      REQUIRE(b.state.state == from);
      const auto before = b.state.revision;
      const auto expected = std::find_if(arrows().begin(), arrows().end(), [&](const arrow& a) {
        return a.from == from && a.what == what;
      });
      const bool is_taken = b.act("amel", every[what]);
      CHECK(is_taken == (expected != arrows().end()));
      CHECK(b.state.state == (is_taken ? expected->to : from));
      CHECK(b.state.revision == before + (is_taken ? 1 : 0));
      CHECK(is_consistent(b.state));
    }
  }
}

TEST_CASE("incident: the centre's own reports move it only where they belong") {
  for (const auto from : all_incident_states) {
    CAPTURE(name_of(from));
    incident_bench b;
    b.lead_to(from);
    CHECK(b.centre(incident_stored{}) == (from == raised));
    incident_bench d;
    d.lead_to(from);
    CHECK(d.centre(notification_delivered{"i1-n1"}) == (from == notification_approved));
    incident_bench a;
    a.lead_to(from);
    CHECK(a.centre(notification_acknowledged{"i1-n1"}) == (from == notified));
    CHECK(is_consistent(a.state));
  }
}

TEST_CASE("incident: every open state escalates when its timer is over, not before") {
  for (const auto from : all_incident_states) {
    CAPTURE(name_of(from));
    incident_bench b;
    b.lead_to(from);
    const auto due = next_deadline(b.state, b.rules);
    REQUIRE(due.has_value() == (from != closed));
    if (!due) {
      b.wait(100h);
      CHECK(b.centre(incident_tick{}));
      CHECK(b.state.state == closed);
      continue;
    }
    b.time.advance(std::chrono::nanoseconds{*due - b.time.mono() - 1});
    b.effects.clear();
    CHECK(b.centre(incident_tick{}));
    CHECK(b.state.state == from);
    CHECK(b.effects.empty());
    b.time.advance(1ns);
    CHECK(b.centre(incident_tick{}));
    CHECK(b.state.state == escalated);
    CHECK(b.state.owner.empty());
    CHECK(is_consistent(b.state));
    REQUIRE_FALSE(b.effects.empty());
    CHECK(std::get<help_wanted>(b.effects.back()).stuck_in == from);
  }
}

TEST_CASE("incident: help is called again while nobody comes") {
  incident_bench b;
  b.lead_to(escalated);
  b.effects.clear();
  b.wait(b.rules.claim_patience);
  b.centre(incident_tick{});
  REQUIRE(b.effects.size() == 1);
  CHECK(std::get<help_wanted>(b.effects[0]).times == 2);
}

TEST_CASE("incident: a verdict dies with its owner until a notification is out") {
  incident_bench b;
  b.lead_to(notification_proposed);
  b.wait(b.rules.decision_patience);
  b.centre(incident_tick{});
  CHECK_FALSE(b.state.verdict);
  b.act("bruno", claim{});
  CHECK(b.state.state == claimed);
  CHECK_FALSE(b.act("bruno", approve_notification{}));
  CHECK(b.refused == refusal_kind::no_confirmation);
}

TEST_CASE("incident: escalated with a notification out, its reports count and the next goes on") {
  incident_bench b;
  b.lead_to(notification_approved);
  b.wait(b.rules.delivery_patience);
  b.centre(incident_tick{});
  REQUIRE(b.state.state == escalated);
  CHECK(b.centre(notification_delivered{b.state.notification}));
  CHECK(b.state.state == escalated);
  CHECK(is_consistent(b.state));
  b.act("bruno", claim{});
  CHECK(b.state.state == notified);
  CHECK(b.notified() == 1);
  CHECK(is_consistent(b.state));
}

TEST_CASE("incident: the notification carries the verdict it rests on") {
  incident_bench b;
  b.lead_to(notification_approved);
  REQUIRE(b.notified() == 1);
  const auto& what = std::get<notify>(b.effects.back()).what;
  CHECK(what.id() == "i1-n1");
  CHECK(what.to() == recipient_kind::national_police_cic);
  CHECK(what.verdict().kind() == verdict_kind::confirmed);
  CHECK(what.verdict().author() == "amel");
  CHECK(what.verdict().incident() == b.state.id);
}

TEST_CASE("incident: two operators cannot both claim") {
  incident_bench b;
  b.lead_to(queued);
  const auto one = b.from(sender_kind::person, "amel", b.message("amel", claim{}));
  const auto two = b.from(sender_kind::person, "bruno", b.message("bruno", claim{}));
  CHECK(b.give(one));
  CHECK_FALSE(b.give(two));
  CHECK(b.refused == refusal_kind::already_claimed);
  CHECK(b.state.owner == "amel");
}

TEST_CASE("incident: transfer goes to a person on duty, by the owner or the room chief") {
  incident_bench b;
  b.lead_to(claimed);
  CHECK_FALSE(b.act("bruno", transfer{"bruno"}));
  CHECK(b.refused == refusal_kind::not_the_owner);
  CHECK_FALSE(b.act("amel", transfer{"nobody"}));
  CHECK(b.refused == refusal_kind::unknown_person);
  CHECK_FALSE(b.act("amel", transfer{"dpo"}));
  CHECK(b.refused == refusal_kind::role_not_allowed);
  CHECK_FALSE(b.act("amel", transfer{"amel"}));
  CHECK(b.act("chief", transfer{"bruno"}));
  CHECK(b.state.owner == "bruno");
}

TEST_CASE("incident: notes are counted, told, bounded and never blank") {
  incident_bench b;
  b.lead_to(queued);
  CHECK(b.act("bruno", add_note{"called the school"}));
  CHECK(b.state.notes == 1);
  CHECK(std::get<note_added>(b.effects.back()).author == "bruno");
  CHECK_FALSE(b.act("bruno", add_note{" \n"}));
  CHECK(b.refused == refusal_kind::reason_missing);
  CHECK(b.act("bruno", add_note{std::string(longest_incident_text_bytes, 'x')}));
  CHECK_FALSE(b.act("bruno", add_note{std::string(longest_incident_text_bytes + 1, 'x')}));
  CHECK(b.refused == refusal_kind::too_long);
}

TEST_CASE("incident: signals join, those of another cause do not") {
  incident_bench b;
  b.lead_to(queued);
  const sender panel{sender_kind::plugin, "dc09"};
  CHECK(b.give(b.from(panel.kind, panel.name, b.first)));
  CHECK(b.state.signals == 2);
  auto other = b.first;
  other.site = site_id{"museum"};
  CHECK_FALSE(b.give(b.from(panel.kind, panel.name, other)));
  CHECK(b.refused == refusal_kind::signal_mismatch);
}

TEST_CASE("incident: every refusal names its rule in two languages") {
  std::set<std::string_view> said;
  for (auto k = static_cast<int>(refusal_kind::not_a_person);
       k <= static_cast<int>(refusal_kind::signal_mismatch); ++k) {
    CAPTURE(k);
    const auto kind = static_cast<refusal_kind>(k);
    const auto words = words_of(kind);
    CHECK((words.rule.starts_with("LEG-") || words.rule.starts_with("M")));
    CHECK(words.en != words.fr);
    CHECK(said.insert(words.en).second);
    const auto e = to_error(kind);
    CHECK(e.detail.starts_with(std::string{words.rule} + ": "));
    CHECK(e.code != errc::internal);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>

#include "unit/domain/incident_bench.hpp"

// Everything somebody could try to have the police told without a human's look.
using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

namespace {

using enum incident_state;

/// Gives `input` where only an approval is missing and expects nothing to change.
void must_not_notify(incident_bench& b, const incident_input& input, refusal_kind expected) {
  const auto before = b.state.revision;
  CHECK_FALSE(b.give(input));
  CHECK(b.refused == expected);
  CHECK(b.notified() == 0);
  CHECK(b.state.revision == before);
}

incident_input approval_by(const incident_bench& b, sender_kind kind, const std::string& channel,
                           const std::string& author) {
  return b.from(kind, channel, b.message(author, approve_notification{}));
}

}  // namespace

TEST_CASE("red team: a plugin that approves, records a verdict or forges an operator is refused") {
  for (const auto* name : {"amel", "zone_intrusion", ""}) {
    incident_bench b;
    b.lead_to(notification_proposed);
    must_not_notify(b, approval_by(b, sender_kind::plugin, name, "amel"),
                    refusal_kind::not_a_person);
    must_not_notify(b, approval_by(b, sender_kind::centre, name, "amel"),
                    refusal_kind::not_a_person);
  }
  incident_bench b;
  b.lead_to(verifying);
  must_not_notify(
      b,
      incident_bench::from(sender_kind::plugin, "amel",
                           b.message("amel", record_verdict{verdict_kind::confirmed, "certain"})),
      refusal_kind::not_a_person);
}

TEST_CASE("red team: a forged author, an unknown person and a colleague are refused") {
  incident_bench b;
  b.lead_to(notification_proposed);
  must_not_notify(b, approval_by(b, sender_kind::person, "bruno", "amel"),
                  refusal_kind::forged_author);
  must_not_notify(b, approval_by(b, sender_kind::person, "mallory", "mallory"),
                  refusal_kind::unknown_person);
  must_not_notify(b, approval_by(b, sender_kind::person, "", ""), refusal_kind::unknown_person);
  must_not_notify(b, approval_by(b, sender_kind::person, "bruno", "bruno"),
                  refusal_kind::no_confirmation);
  must_not_notify(b, approval_by(b, sender_kind::person, "chief", "chief"),
                  refusal_kind::no_confirmation);
  must_not_notify(b, approval_by(b, sender_kind::person, "dpo", "dpo"),
                  refusal_kind::role_not_allowed);
}

TEST_CASE("red team: who lost duty or approval since the verdict cannot approve") {
  const auto after = [](auto change, refusal_kind expected) {
    incident_bench b;
    b.lead_to(notification_proposed);
    change(b.who("amel"), b.time.utc());
    must_not_notify(b, approval_by(b, sender_kind::person, "amel", "amel"), expected);
  };
  after([](duty_person& p, utc_us) { p.is_on_duty = false; }, refusal_kind::off_duty);
  after([](duty_person& p, utc_us) { p.approval.reset(); }, refusal_kind::approval_missing);
  after([](duty_person& p, utc_us) { p.approval->is_suspended = true; },
        refusal_kind::approval_suspended);
  after([](duty_person& p, utc_us now) { p.approval->valid_until_utc_us = now; },
        refusal_kind::approval_expired);
  after([](duty_person& p, utc_us now) { p.approval->valid_from_utc_us = now + 1; },
        refusal_kind::approval_expired);
  after([](duty_person& p, utc_us) { p.approval->department = "60"; },
        refusal_kind::approval_elsewhere);
  after([](duty_person& p, utc_us) { p.approval->department.clear(); },
        refusal_kind::approval_elsewhere);
  after([](duty_person& p, utc_us) { p.communes = {commune_id{"95018"}}; },
        refusal_kind::other_commune);
  after([](duty_person& p, utc_us) { p.role = centre_role::auditor; },
        refusal_kind::role_not_allowed);
}

TEST_CASE("red team: another commune's authority and another incident's verdict are refused") {
  incident_bench b;
  b.lead_to(notification_proposed);
  auto elsewhere = b.message("amel", approve_notification{});
  elsewhere.authority = commune_id{"95018"};
  must_not_notify(b, incident_bench::from(sender_kind::person, "amel", elsewhere),
                  refusal_kind::other_commune);
  auto other = b.message("amel", approve_notification{});
  other.incident = incident_id{"i2"};
  must_not_notify(b, incident_bench::from(sender_kind::person, "amel", other),
                  refusal_kind::other_incident);

  incident_bench second;
  second.lead_to(notification_proposed);
  second.state.id = incident_id{"i2"};
  CHECK_FALSE(is_consistent(second.state));
  must_not_notify(second, approval_by(second, sender_kind::person, "amel", "amel"),
                  refusal_kind::no_confirmation);
}

TEST_CASE("red team: no message is taken twice, nor an old or future one") {
  incident_bench b;
  b.lead_to(notification_proposed);
  const auto once = approval_by(b, sender_kind::person, "amel", "amel");
  REQUIRE(b.give(once));
  CHECK_FALSE(b.give(once));
  CHECK(b.refused == refusal_kind::replayed);
  CHECK(b.notified() == 1);

  // Closed and reopened, at the same stage again: the old message still answers to the past.
  b.centre(notification_delivered{b.state.notification});
  b.centre(notification_acknowledged{b.state.notification});
  b.act("amel", start_intervention{});
  b.act("amel", close{"done"});
  b.act("amel", reopen{"they came back"});
  b.act("amel", claim{});
  b.act("amel", start_verification{});
  b.act("amel", record_verdict{verdict_kind::confirmed, "seen"});
  b.act("amel", propose_notification{recipient_kind::national_police_cic});
  REQUIRE(b.state.state == notification_proposed);
  CHECK_FALSE(b.give(once));
  CHECK(b.refused == refusal_kind::replayed);
  CHECK(b.notified() == 1);

  incident_bench old;
  old.lead_to(notification_proposed);
  for (const utc_us sent :
       {old.time.utc() - 60'000'001, old.time.utc() + 60'000'001,
        std::numeric_limits<utc_us>::min(), std::numeric_limits<utc_us>::max()}) {
    auto late = old.message("amel", approve_notification{});
    late.sent_utc_us = sent;
    must_not_notify(old, incident_bench::from(sender_kind::person, "amel", late),
                    refusal_kind::replayed);
  }
}

TEST_CASE("red team: a recipient that routing does not open is never told") {
  incident_bench b;
  b.lead_to(confirmed);
  must_not_notify(b,
                  incident_bench::from(
                      sender_kind::person, "amel",
                      b.message("amel", propose_notification{recipient_kind::municipal_police})),
                  refusal_kind::recipient_not_open);
  b.act("amel", propose_notification{recipient_kind::national_police_cic});
  b.open.clear();  // withdrawn in between
  must_not_notify(b, approval_by(b, sender_kind::person, "amel", "amel"),
                  refusal_kind::recipient_not_open);
}

TEST_CASE("red team: delivery reports come from the outbox, for what was approved") {
  incident_bench b;
  b.lead_to(notification_approved);
  const auto id = b.state.notification;
  CHECK_FALSE(
      b.give(incident_bench::from(sender_kind::plugin, "webhook", notification_delivered{id})));
  CHECK(b.refused == refusal_kind::not_the_centre);
  CHECK_FALSE(
      b.give(incident_bench::from(sender_kind::person, "amel", notification_acknowledged{id})));
  CHECK(b.refused == refusal_kind::not_the_centre);
  CHECK_FALSE(b.centre(notification_delivered{"i2-n1"}));
  CHECK(b.refused == refusal_kind::notification_unknown);
  CHECK(b.state.state == notification_approved);
}

TEST_CASE("red team: nobody raises in somebody else's name") {
  const incident_bench b;
  const auto tried = [&](sender_kind kind, const char* name, incident_origin origin) {
    auto signal = b.first;
    signal.origin = origin;
    const auto made = raise(incident_id{"i9"}, {kind, name}, signal, b.setting(), b.now());
    return made ? std::nullopt : std::optional{made.error()};
  };
  CHECK(tried(sender_kind::plugin, "amel", incident_origin::operator_seen) ==
        refusal_kind::not_a_person);
  CHECK(tried(sender_kind::plugin, "x", incident_origin::camera_health) ==
        refusal_kind::wrong_origin);
  CHECK(tried(sender_kind::person, "amel", incident_origin::alarm_panel) ==
        refusal_kind::wrong_origin);
  CHECK(tried(sender_kind::person, "mallory", incident_origin::force_request) ==
        refusal_kind::unknown_person);
  CHECK_FALSE(tried(sender_kind::person, "amel", incident_origin::operator_seen));
  CHECK_FALSE(tried(sender_kind::plugin, "x", incident_origin::analytics));
}

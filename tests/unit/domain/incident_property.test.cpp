// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "base/random.hpp"
#include "unit/domain/incident_bench.hpp"

// A million random inputs, most of them sensible, many hostile, judged by a table of arrows and a
// rule of notification that share nothing with the machine.
using namespace vigie;
using namespace vigie::domain;

namespace {

using enum incident_state;

bool is_arrow(incident_state from, incident_state to) {
  if (from == to) return true;  // notes, signals, hand-overs of a claimed incident
  if (to == escalated) return from != closed;
  if (to == claimed)  // claims; and transfers before a notification is out
    return from != raised && from != closed && from < notification_approved
               ? true
               : from == escalated || from == reopened;
  static constexpr std::array<std::pair<incident_state, incident_state>, 22> arrows{{
      {raised, queued},
      {claimed, verifying},
      {claimed, queued},
      {verifying, queued},
      {verifying, false_alarm},
      {verifying, inconclusive},
      {verifying, confirmed},
      {inconclusive, monitored},
      {false_alarm, closed},
      {monitored, closed},
      {confirmed, notification_proposed},
      {notification_proposed, notification_approved},
      {notification_approved, notified},
      {notified, acknowledged},
      {notification_approved, acknowledged},  // reached by voice
      {acknowledged, under_intervention},
      {under_intervention, closed},
      {closed, reopened},
      {escalated, notification_approved},
      {escalated, notified},
      {escalated, acknowledged},
      {escalated, under_intervention},
  }};
  return std::find(arrows.begin(), arrows.end(), std::pair{from, to}) != arrows.end();
}

incident_act random_act(random_source& random) {
  switch (random.next() % 15) {
    case 0:
      return claim{};
    case 1:
      return release{};
    case 2:
      return transfer{random.next() % 2 ? "bruno" : "amel"};
    case 3:
    case 14:
      return start_verification{};
    case 4:
      return record_verdict{verdict_kind::confirmed, "seen"};
    case 5:
      return record_verdict{verdict_kind::false_alarm, "nothing"};
    case 6:
      return record_verdict{static_cast<verdict_kind>(random.next() % 256), "odd"};
    case 7:
      return monitor{};
    case 8:
      return escalate{"help"};
    case 9:
      return propose_notification{random.next() % 4
                                      ? recipient_kind::fire_rescue_cta
                                      : static_cast<recipient_kind>(random.next() % 256)};
    case 10:
      return approve_notification{};
    case 11:
      return random.next() % 2 ? incident_act{start_intervention{}}
                               : incident_act{record_call{random.next() % 4 ? "reached" : ""}};
    case 12:
      return close{random.next() % 8 ? "report" : " "};
    default:
      return random.next() % 2 ? incident_act{reopen{"reason"}} : incident_act{add_note{"note"}};
  }
}

}  // namespace

TEST_CASE(
    "incident: a million random inputs lead to no illegal state and no unproven notification") {
  seeded_random random{20261122};
  incident_bench b;
  const std::array<std::string, 6> names{"amel", "amel", "bruno", "chief", "dpo", "mallory"};
  std::size_t illegal = 0, unproven = 0, lost = 0, taken = 0, sent = 0, closings = 0;
  incident_input last;
  for (std::size_t n = 0; n < 1'000'000; ++n) {
    b.time.advance(std::chrono::milliseconds{random.next() % 2000});
    for (auto& p : b.people) {  // shifts and approvals come and go
      if (random.next() % 64 == 0) p.is_on_duty = random.next() % 8 != 0;
      if (random.next() % 64 == 0) {
        p.approval->is_suspended = random.next() % 8 == 0;
        p.approval->valid_until_utc_us =
            b.time.utc() + (random.next() % 8 ? incident_bench::day_us : -1);
      }
    }
    incident_input input;
    input.from.kind = sender_kind::centre;
    const auto dice = random.next() % 32;
    if (dice < 24) {
      const auto& name = b.state.owner.empty() || random.next() % 4 == 0 ? names[random.next() % 6]
                                                                         : b.state.owner;
      auto message = b.message(name, random_act(random));
      if (random.next() % 16 == 0) message.author = "amel";
      if (random.next() % 16 == 0) message.revision -= random.next() % 3;
      if (random.next() % 32 == 0) message.authority = commune_id{"95018"};
      if (random.next() % 32 == 0) message.incident = incident_id{"i2"};
      if (random.next() % 32 == 0) message.sent_utc_us = static_cast<utc_us>(random.next());
      input.from.kind = random.next() % 12 ? sender_kind::person : sender_kind::plugin;
      input.from.name = name;
      input.body = std::move(message);
    } else if (dice < 26) {
      input.body = incident_tick{};
    } else if (dice < 27) {
      input.body = incident_stored{};
    } else if (dice < 29) {
      input.body = notification_delivered{b.state.notification};
    } else if (dice < 30) {
      input.body = notification_acknowledged{b.state.notification};
      if (random.next() % 8 == 0) input.from.kind = sender_kind::plugin;
    } else if (dice < 31) {
      input.from.kind = sender_kind::plugin;
      input.body = b.first;
    } else {
      input = last;  // replayed as it was
    }
    last = input;

    const auto before = b.state;
    b.effects.clear();
    const bool is_taken = b.give(input);
    taken += is_taken ? 1U : 0U;
    closings += before.state != closed && b.state.state == closed ? 1U : 0U;
    if (!is_arrow(before.state, b.state.state) || !is_consistent(b.state)) ++illegal;
    if (!is_taken && (b.state.revision != before.revision || b.state.state != before.state))
      ++illegal;
    // Closed, somebody's, or waiting for anybody with a timer that will call.
    const bool waits = b.state.state == raised || b.state.state == queued ||
                       b.state.state == escalated || b.state.state == reopened;
    if (b.state.state != closed && (b.state.owner.empty() != waits || !next_deadline(b.state, {})))
      ++lost;
    for (const auto& e : b.effects) {
      const auto* told = std::get_if<notify>(&e);
      if (!told) continue;
      ++sent;
      const auto* author = find_person(b.people, told->what.verdict().author());
      const bool is_proven =
          input.from.kind == sender_kind::person && author && input.from.name == author->name &&
          author->is_on_duty && author->approval && !author->approval->is_suspended &&
          author->approval->valid_until_utc_us > b.time.utc() &&
          (author->role == centre_role::video_operator ||
           author->role == centre_role::room_chief) &&
          told->what.verdict().kind() == verdict_kind::confirmed &&
          told->what.verdict().incident() == before.id && before.state == notification_proposed &&
          std::find(b.open.begin(), b.open.end(), told->what.to()) != b.open.end();
      if (!is_proven) ++unproven;
    }
  }
  CHECK(illegal == 0);
  CHECK(unproven == 0);
  CHECK(lost == 0);
  // The walk went everywhere that matters, often.
  CHECK(taken > 100'000);
  CHECK(sent > 100);
  CHECK(closings > 1'000);
  MESSAGE("taken " << taken << ", notified " << sent << ", closed " << closings);
}

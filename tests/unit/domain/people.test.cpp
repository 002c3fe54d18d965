// SPDX-License-Identifier: Apache-2.0
#include "domain/people.hpp"

#include <doctest/doctest.h>

#include <set>

#include "domain/two_person.hpp"

using namespace vigie;
using namespace vigie::domain;

namespace {

constexpr utc_us now = 1'795'292'133'000'000;
const commune_id argenteuil{"95018"};
const commune_id cergy{"95127"};

person somebody(centre_role role) {
  person p;
  p.name = "ana";
  p.role = role;
  p.is_on_duty = true;
  p.approval = viewing_approval{"95", now - 1, now + 1};
  p.communes = {argenteuil};
  return p;
}

template <class Enum>
std::vector<Enum> all_to(int last) {
  std::vector<Enum> out;
  for (int i = 1; i <= last; ++i) out.push_back(static_cast<Enum>(i));
  return out;
}

}  // namespace

TEST_CASE("people: every role and act has a name of its own, and every act somebody who may") {
  std::set<std::string_view> names;
  for (const auto r : all_to<centre_role>(last_role)) {
    CHECK(role_from(name_of(r)) == r);
    names.insert(name_of(r));
  }
  CHECK(names.size() == static_cast<std::size_t>(last_role));
  CHECK_FALSE(role_from("").has_value());
  CHECK_FALSE(role_from("operator").has_value());
  names.clear();
  for (const auto a : all_to<act>(last_act)) {
    names.insert(name_of(a));
    bool is_anybodys = false;
    for (const auto r : all_to<centre_role>(last_role)) is_anybodys = is_anybodys || role_may(r, a);
    CHECK_MESSAGE(is_anybodys, name_of(a));
  }
  CHECK(names.size() == static_cast<std::size_t>(last_act));
}

TEST_CASE("people: what the table does not list is refused, also to a role that does not exist") {
  for (const auto a : all_to<act>(last_act)) CHECK_FALSE(role_may(static_cast<centre_role>(0), a));
  for (const auto a : all_to<act>(last_act)) CHECK_FALSE(role_may(static_cast<centre_role>(99), a));
  for (const auto r : all_to<centre_role>(last_role)) CHECK_FALSE(role_may(r, static_cast<act>(0)));
}

TEST_CASE("people: images, alarms, people and plugins are apart") {
  for (const auto r : all_to<centre_role>(last_role)) {
    CAPTURE(name_of(r));
    const bool watches =
        r == centre_role::video_operator || r == centre_role::room_chief || r == centre_role::mayor;
    CHECK(role_may(r, act::view_live) == watches);
    CHECK(role_may(r, act::view_replay) == (watches || r == centre_role::requisition_clerk));
    CHECK(role_may(r, act::handle_incident) ==
          (r == centre_role::video_operator || r == centre_role::room_chief));
    CHECK(role_may(r, act::manage_people) == (r == centre_role::supervisor));
    CHECK(role_may(r, act::administer_plugins) == (r == centre_role::plugin_administrator));
    CHECK(role_may(r, act::read_journal) ==
          (r == centre_role::auditor || r == centre_role::privacy_officer));
  }
}

TEST_CASE("people: unknown, suspended, wrong role and another commune are told apart") {
  auto ana = somebody(centre_role::video_operator);
  CHECK(obstacle(nullptr, act::read_states) == access_refusal::unknown_person);
  CHECK_FALSE(obstacle(&ana, act::read_states).has_value());
  CHECK_FALSE(obstacle(&ana, act::read_states, argenteuil).has_value());
  CHECK(obstacle(&ana, act::read_states, cergy) == access_refusal::other_commune);
  CHECK(obstacle(&ana, act::manage_people) == access_refusal::role_may_not);
  ana.is_suspended = true;
  CHECK(obstacle(&ana, act::read_states, argenteuil) == access_refusal::person_suspended);
}

TEST_CASE("people: an approval is worth its department and its days, and nothing when suspended") {
  const viewing_approval good{"95", now, now + 10};
  CHECK_FALSE(approval_obstacle(good, argenteuil, now).has_value());
  CHECK_FALSE(approval_obstacle(good, argenteuil, now + 9).has_value());
  CHECK(approval_obstacle(good, argenteuil, now - 1) == access_refusal::approval_expired);
  CHECK(approval_obstacle(good, argenteuil, now + 10) == access_refusal::approval_expired);
  CHECK(approval_obstacle(good, commune_id{"60057"}, now) == access_refusal::approval_elsewhere);
  CHECK(approval_obstacle(std::nullopt, argenteuil, now) == access_refusal::approval_missing);
  auto bad = good;
  bad.is_suspended = true;
  CHECK(approval_obstacle(bad, argenteuil, now) == access_refusal::approval_suspended);
  bad = good;
  bad.department.clear();
  CHECK(approval_obstacle(bad, argenteuil, now) == access_refusal::approval_elsewhere);
}

TEST_CASE("people: the incident desk's roster has everybody but the suspended") {
  auto ana = somebody(centre_role::video_operator);
  auto bob = somebody(centre_role::room_chief);
  bob.name = "bob";
  bob.is_suspended = true;
  const auto roster = duty_people(std::vector{ana, bob});
  REQUIRE(roster.size() == 1);
  CHECK(roster[0].name == "ana");
  CHECK_FALSE(duty_obstacle(roster[0], argenteuil, now).has_value());
  CHECK(find_person(duty_roster{roster}, "bob") == nullptr);
}

TEST_CASE("refusals: each opens with its rule, speaks both languages and is found again") {
  std::set<std::string_view> texts;
  for (int i = 1; i <= static_cast<int>(access_refusal::session_unknown); ++i) {
    const auto kind = static_cast<access_refusal>(i);
    const auto words = words_of(kind);
    CHECK((words.rule.starts_with("LEG-") || words.rule.starts_with("M")));
    CHECK_FALSE(words.en.empty());
    CHECK_FALSE(words.fr.empty());
    CHECK(words.en != words.fr);
    texts.insert(words.en);
    const auto found = access_words_in(to_error(kind).detail);
    REQUIRE(found.has_value());
    CHECK(found->fr == words.fr);
  }
  CHECK(texts.size() == static_cast<std::size_t>(access_refusal::session_unknown));
  CHECK_FALSE(access_words_in("LEG-02: something else").has_value());
  CHECK_FALSE(access_words_in("").has_value());
}

TEST_CASE("two persons: nobody confirms what they proposed, nobody without the role, nobody late") {
  for (const auto change : all_to<sensitive_change>(last_sensitive_change)) {
    CAPTURE(name_of(change));
    CHECK(sensitive_change_from(name_of(change)) == change);
    int confirmers = 0;
    for (const auto r : all_to<centre_role>(last_role)) {
      auto author = somebody(r);
      if (propose_obstacle(&author, change, "reason")) {
        CHECK(propose_obstacle(&author, change, "reason") == access_refusal::role_may_not);
        continue;
      }
      CHECK(propose_obstacle(&author, change, " ") == access_refusal::reason_missing);
      const proposal p{1, change, "subject", author.name, "reason", now};
      CHECK(decide_obstacle(&author, p, proposal_state::confirmed, now) ==
            access_refusal::same_person);
      CHECK_FALSE(decide_obstacle(&author, p, proposal_state::rejected, now).has_value());
      for (const auto second : all_to<centre_role>(last_role)) {
        auto other = somebody(second);
        other.name = "bob";
        const auto refused = decide_obstacle(&other, p, proposal_state::confirmed, now);
        if (refused) {
          CHECK(refused == access_refusal::role_may_not);
          continue;
        }
        ++confirmers;
        CHECK(decide_obstacle(&other, p, proposal_state::confirmed, expires_at(p)) ==
              access_refusal::proposal_closed);
        CHECK(decide_obstacle(&other, p, proposal_state::confirmed, now - 1) ==
              access_refusal::proposal_closed);
        CHECK(decide_obstacle(&other, p, proposal_state::open, now) ==
              access_refusal::proposal_closed);
        auto decided = p;
        decided.state = proposal_state::rejected;
        CHECK(decide_obstacle(&other, decided, proposal_state::confirmed, now) ==
              access_refusal::proposal_closed);
        other.is_suspended = true;
        CHECK(decide_obstacle(&other, p, proposal_state::confirmed, now) ==
              access_refusal::person_suspended);
      }
    }
    CHECK(confirmers > 0);
  }
}

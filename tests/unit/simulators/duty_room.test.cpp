// SPDX-License-Identifier: Apache-2.0
#include "day/duty_room.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace {

using namespace std::chrono_literals;
using namespace vigie::simulators;

/// A centre that takes everything, in the order of the life cycle, and acknowledges at once.
class toy_centre {
 public:
  std::map<std::string, std::string> states;
  std::map<deed_kind, unsigned> counts;
  std::map<unsigned, std::set<std::string>> owned;  ///< by seat, while held by `claimed`…`verdict`
  std::function<std::string(const deed&)> refusal = [](const deed&) { return std::string{}; };
  bool joins_sites = false;

  void run(duty_room& room, day_time until = whole_day * 3) {
    for (day_time now{0}; !room.is_over() && now < until;) {
      for (const deed& d : room.due(now)) take(room, d, now);
      const auto next = room.next_due();
      now = std::max(now + 1ms, next.value_or(now + 1s));
    }
  }

 private:
  void take(duty_room& room, const deed& d, day_time now) {
    if (const std::string code = refusal(d); !code.empty()) {
      room.on_refused(d, code, now);
      return;
    }
    ++counts[d.kind];
    if (d.kind == deed_kind::raise) {
      const std::string id =
          joins_sites ? d.entry->site_id : "inc-" + std::to_string(d.entry->number);
      const bool is_new = !states.contains(id) || states[id] == "closed";
      room.on_raised(d, id, now);
      if (is_new) tell(room, id, "queued", now);
      return;
    }
    const std::map<deed_kind, std::string> reached{
        {deed_kind::claim, "claimed"},         {deed_kind::verify, "verifying"},
        {deed_kind::conclude, "concluded"},    {deed_kind::monitor, "monitored"},
        {deed_kind::propose, "proposed"},      {deed_kind::approve, "approved"},
        {deed_kind::intervene, "intervening"}, {deed_kind::close, "closed"}};
    incident_news stands;
    if (const auto state = reached.find(d.kind); state != reached.end() && !d.incident.empty()) {
      CHECK(d.revision == revisions_[d.incident]);
      states[d.incident] = state->second;
      stands = {d.incident, state->second, ++revisions_[d.incident], 0, false};
    }
    room.on_done(d, stands, now);
    if (d.kind == deed_kind::approve) {
      tell(room, d.incident, "notified", now);
      tell(room, d.incident, "acknowledged", now);
    }
    if (d.kind == deed_kind::close) tell(room, d.incident, "closed", now);
  }
  void tell(duty_room& room, const std::string& id, const std::string& state, day_time now) {
    states[id] = state;
    room.on_news({id, state, ++revisions_[id], 50, false}, now);
  }
  std::map<std::string, std::uint64_t> revisions_;
};

day_plan plan_of(std::uint64_t seed, day_variant variant = day_variant::ordinary) {
  day_options o;
  o.seed = seed;
  o.variant = variant;
  o.centre = sizes_of("strasbourg").value();
  return make_day_plan(o).value();
}

TEST_CASE("duty room: one operator brings a whole day to its end, and everything is closed") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const day_plan plan = plan_of(seed);
    duty_room room{plan, 1};
    toy_centre centre;
    centre.run(room);
    REQUIRE(room.is_over());
    CHECK(room.failures().empty());
    const day_totals t = totals_of(plan.entries);
    const unsigned incidents =
        t.alarms_checked + t.panic_buttons + t.offences_reported + t.live_transfers;
    CHECK(centre.counts[deed_kind::raise] == incidents);
    CHECK(centre.counts[deed_kind::claim] == incidents);
    CHECK(centre.counts[deed_kind::conclude] == incidents);
    CHECK(centre.counts[deed_kind::close] == incidents);
    CHECK(centre.counts[deed_kind::open_replay] ==
          t.viewings_after_complaint + t.transmissions_on_requisition);
    CHECK(centre.counts[deed_kind::fail] == t.camera_outages + t.site_outages);
    CHECK(centre.counts[deed_kind::heal] == centre.counts[deed_kind::fail]);
    CHECK(centre.counts[deed_kind::propose] == centre.counts[deed_kind::approve]);
    for (const day_entry& e : plan.entries) CHECK(room.times_of(e).closed.has_value());
  }
}

TEST_CASE("duty room: nobody is told without a verdict before, and times go forward") {
  const day_plan plan = plan_of(5, day_variant::new_year);
  duty_room room{plan, 4};
  toy_centre centre;
  centre.run(room);
  REQUIRE(room.is_over());
  unsigned told = 0;
  for (const day_entry& e : plan.entries) {
    const entry_times& t = room.times_of(e);
    CHECK(t.raised >= e.at);
    if (t.claimed) CHECK(*t.claimed >= *t.raised + e.delays.notice);
    if (!t.approved) continue;
    ++told;
    CHECK(*t.verdict >= *t.claimed + e.delays.look);
    CHECK(*t.approved >= *t.verdict);
    CHECK(t.acknowledged.has_value());
    CHECK(e.told != day_told::nobody);
  }
  CHECK(told > 0);
}

TEST_CASE(
    "duty room: no operator looks at two alarms at once, and with more of them none waits long") {
  const day_plan plan = plan_of(9, day_variant::new_year);
  const auto longest_wait = [&](unsigned operators) {
    duty_room room{plan, operators};
    toy_centre centre;
    centre.run(room, whole_day * 10);
    REQUIRE(room.is_over());
    day_time longest{0};
    for (const day_entry& e : plan.entries)
      if (const auto& t = room.times_of(e); t.verdict)
        longest = std::max(longest, *t.claimed - *t.raised);
    return longest;
  };
  CHECK(longest_wait(6) < longest_wait(1));
}

TEST_CASE("duty room: signals that the centre joins are one incident with one operator") {
  const day_plan plan = plan_of(2, day_variant::new_year);
  duty_room room{plan, 2};
  toy_centre centre;
  centre.joins_sites = true;
  centre.run(room);
  REQUIRE(room.is_over());
  CHECK(room.failures().empty());
  CHECK(centre.counts[deed_kind::claim] == centre.counts[deed_kind::close]);
  CHECK(centre.counts[deed_kind::claim] < centre.counts[deed_kind::raise]);
}

TEST_CASE(
    "duty room: a lost race is tried again, a refusal ends the entry and frees the operator") {
  const day_plan plan = plan_of(3);
  duty_room room{plan, 1};
  toy_centre centre;
  std::set<unsigned> raced;
  centre.refusal = [&](const deed& d) -> std::string {
    if (d.kind == deed_kind::claim && raced.insert(d.entry->number).second) return "replayed";
    if (d.kind == deed_kind::approve) return "approval_expired";
    return {};
  };
  centre.run(room);
  REQUIRE(room.is_over());
  CHECK(room.lost_races() == raced.size());
  CHECK(centre.counts[deed_kind::approve] == 0);
  CHECK(room.failures().size() == centre.counts[deed_kind::propose]);
  for (const auto& f : room.failures()) CHECK(f.code == "approval_expired");
}

TEST_CASE("duty room: without pictures operators still conclude, and it is told") {
  const day_plan plan = plan_of(3);
  duty_room room{plan, 2};
  toy_centre centre;
  centre.refusal = [](const deed& d) {
    return std::string{d.kind == deed_kind::open_live ? "not_found" : ""};
  };
  centre.run(room);
  REQUIRE(room.is_over());
  CHECK(room.failures().size() == centre.counts[deed_kind::conclude]);
}

TEST_CASE(
    "duty room: an incident that comes back while others have it is taken up where it stood") {
  const day_plan plan = plan_of(4);
  const auto told = std::find_if(plan.entries.begin(), plan.entries.end(),
                                 [](const day_entry& e) { return e.told != day_told::nobody; });
  REQUIRE(told != plan.entries.end());
  day_plan one = plan;
  one.entries = {*told};
  one.entries[0].number = 1;
  duty_room room{one, 1};
  day_time now = whole_day;
  std::uint64_t revision = 1;
  const auto do_next = [&](const char* state) {
    for (int i = 0; i < 1000; ++i, now += 10min)
      if (const auto deeds = room.due(now); !deeds.empty()) {
        if (deeds[0].kind == deed_kind::raise) {
          room.on_raised(deeds[0], "i", now);
          room.on_news({"i", "queued", ++revision, 0, false}, now);
        } else {
          room.on_done(deeds[0], {"i", state, ++revision, 0, false}, now);
        }
        return deeds[0].kind;
      }
    return deed_kind::heal;
  };
  CHECK(do_next("") == deed_kind::raise);
  for (const auto& [kind, state] : std::vector<std::pair<deed_kind, const char*>>{
           {deed_kind::claim, "claimed"},
           {deed_kind::verify, "verifying"},
           {deed_kind::open_live, "verifying"},
           {deed_kind::conclude, "confirmed"},
           {deed_kind::propose, "notification_proposed"},
           {deed_kind::approve, "notification_approved"}})
    CHECK(do_next(state) == kind);
  room.on_news({"i", "escalated", ++revision, 0, false}, now);
  CHECK(do_next("notification_approved") == deed_kind::claim);
  room.on_news({"i", "notification_approved", ++revision, 0, true}, now);
  CHECK(do_next("acknowledged") == deed_kind::call);
  CHECK(do_next("under_intervention") == deed_kind::intervene);
  CHECK(do_next("closed") == deed_kind::close);
  CHECK(room.is_over());
}

TEST_CASE(
    "duty room: what the centre finds about its cameras goes to the contractor, who is called") {
  day_plan none = plan_of(1);
  none.entries.clear();
  duty_room room{none, 1};
  CHECK(room.is_over());
  incident_news news{"i", "queued", 2, 35, false, "site_outage", "camera_health", "67482", "s", ""};
  room.on_news({"other", "queued", 2, 60, false, "theft", "operator_seen"}, 0ms);
  CHECK(room.is_over());
  room.on_news(news, 0ms);
  CHECK_FALSE(room.is_over());
  std::vector<deed_kind> done;
  const std::map<deed_kind, const char*> reached{{deed_kind::claim, "claimed"},
                                                 {deed_kind::verify, "verifying"},
                                                 {deed_kind::conclude, "confirmed"},
                                                 {deed_kind::propose, "notification_proposed"},
                                                 {deed_kind::approve, "notified"},
                                                 {deed_kind::call, "acknowledged"},
                                                 {deed_kind::intervene, "under_intervention"},
                                                 {deed_kind::close, "closed"}};
  for (day_time now{0}; !room.is_over() && now < whole_day; now += 5s)
    for (const deed& d : room.due(now)) {
      done.push_back(d.kind);
      CHECK(d.entry->told == day_told::contractor);
      news.state = reached.at(d.kind);
      ++news.revision;
      room.on_done(d, news, now);
    }
  CHECK(done == std::vector{deed_kind::claim, deed_kind::verify, deed_kind::conclude,
                            deed_kind::propose, deed_kind::approve, deed_kind::call,
                            deed_kind::intervene, deed_kind::close});
  CHECK(room.found_by_centre().raised == 1);
  CHECK(room.found_by_centre().closed == 1);
  CHECK(room.all_incidents() == std::vector<std::string>{"i"});
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "day/day_run.hpp"

#include <string_view>
#include <utility>

#include "day/day_clock.hpp"
#include "day/duty_room.hpp"
#include "day/players.hpp"

namespace vigie::simulators {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto longest_wait = 50ms;
/// The rule of acts that came too late: the incident stands elsewhere, or is somebody else's.
constexpr std::string_view stage_rule = "M5";
/// After the plan's 24 hours, for those who wait for an operator or for a report.
constexpr day_time evening = 12h;

void do_deed(players& all, duty_room& room, const deed& d, const day_clock& clock) {
  const auto answer = all.act(d);
  const day_time now = clock.at(steady::now());
  if (!answer)
    room.on_refused(d, name_of(answer.error().code), now);
  else if (!answer->refusal.empty())
    room.on_refused(
        d, answer->rule.empty() ? answer->refusal : answer->refusal + " " + answer->rule, now);
  else if (d.kind != deed_kind::raise)
    room.on_done(d, answer->incident.value_or(incident_news{}), now);
  else if (!answer->incident)
    room.on_refused(d, "unreadable", now);
  else {
    room.on_raised(d, answer->incident->id, now);
    room.on_news(*answer->incident, now);
  }
}

}  // namespace

result<std::string> run_day(const day_plan& plan, const day_run_options& options) {
  players all{plan.options.centre, options};
  if (auto seated = all.sit_down(); !seated) return tl::unexpected{seated.error()};
  duty_room room{plan, static_cast<unsigned>(options.operators.size())};
  const auto start = steady::now();
  day_clock clock{options.speed, start};
  const auto is_time_left = [&] {
    return clock.at(steady::now()) < whole_day + evening &&
           (options.most.count() == 0 || steady::now() - start < options.most);
  };
  while (!room.is_over() && is_time_left()) {
    for (const deed& d : room.due(clock.at(steady::now()))) do_deed(all, room, d, clock);
    const auto next = room.next_due();
    if (options.skips_quiet && next && !room.awaits_news()) clock.skip_to(*next, steady::now());
    const auto wait = next ? clock.until(*next, steady::now()) : longest_wait;
    for (const incident_news& one : all.news(std::min(wait, longest_wait)))
      room.on_news(one, clock.at(steady::now()));
  }
  day_counts counts;
  all.look_for(room.all_incidents(), counts);
  counts.nobody_open = all.nobody_open();
  counts.ledger = all.ledger();
  counts.wall_s = std::chrono::duration<double>(steady::now() - start).count();
  counts.speed = options.speed;
  return day_account(plan, room, counts);
}

}  // namespace vigie::simulators

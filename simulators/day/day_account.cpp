// SPDX-License-Identifier: Apache-2.0
#include "day/day_account.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace vigie::simulators {

namespace {

using nlohmann::ordered_json;

using moment = std::optional<day_time> entry_times::*;

struct delay_words {
  const char* name;
  moment from;
  moment to;
};

constexpr delay_words all_delays[] = {
    {"raised_to_told", &entry_times::raised, &entry_times::told},
    {"raised_to_claimed", &entry_times::raised, &entry_times::claimed},
    {"claimed_to_verdict", &entry_times::claimed, &entry_times::verdict},
    {"verdict_to_approved", &entry_times::verdict, &entry_times::approved},
    {"approved_to_notified", &entry_times::approved, &entry_times::notified},
    {"notified_to_acknowledged", &entry_times::notified, &entry_times::acknowledged},
    {"raised_to_closed", &entry_times::raised, &entry_times::closed}};

double rank(const std::vector<double>& sorted, double share) {
  const auto at = static_cast<std::size_t>(std::ceil(static_cast<double>(sorted.size()) * share));
  return sorted[std::min(at == 0 ? 0 : at - 1, sorted.size() - 1)];
}

ordered_json delays_of(const day_plan& plan, const duty_room& room) {
  ordered_json all = ordered_json::object();
  for (const delay_words& delay : all_delays) {
    std::vector<double> seconds;
    for (const day_entry& e : plan.entries) {
      const entry_times& t = room.times_of(e);
      if (e.incident.empty() || !(t.*delay.from) || !(t.*delay.to)) continue;
      seconds.push_back(static_cast<double>((*(t.*delay.to) - *(t.*delay.from)).count()) / 1000);
    }
    if (seconds.empty()) continue;
    std::sort(seconds.begin(), seconds.end());
    all[delay.name] = {
        {"count", seconds.size()}, {"p50_s", rank(seconds, 0.5)}, {"p99_s", rank(seconds, 0.99)}};
  }
  return all;
}

/// How many effects beyond the first, and contents that changed under one key.
unsigned double_effects(const ordered_json& ledger) {
  unsigned doubles = 0;
  for (const auto& one : ledger.value("taken", ordered_json::array())) {
    const auto effects = one.value("effects", 0U);
    doubles += effects > 1 ? effects - 1 : 0;
    doubles += one.value("conflicts", 0U);
  }
  return doubles;
}

}  // namespace

std::string day_account(const day_plan& plan, const duty_room& room, const day_counts& counts) {
  std::map<std::string, unsigned> done{{"signals", 0},  {"raised", 0},   {"verified", 0},
                                       {"approved", 0}, {"notified", 0}, {"acknowledged", 0},
                                       {"closed", 0}};
  std::set<std::string> incidents;
  std::vector<day_entry> came_to_pass;
  for (const day_entry& e : plan.entries) {
    const entry_times& t = room.times_of(e);
    // A heading counts what was done, not what was planned.
    day_entry as_done = e;
    if (!t.approved) as_done.told = day_told::nobody;
    if (t.closed) came_to_pass.push_back(as_done);
    if (e.incident.empty()) continue;
    done["signals"] += t.raised ? 1 : 0;
    if (const std::string& id = room.incident_of(e); !id.empty() && incidents.insert(id).second)
      ++done["raised"];
    done["verified"] += t.verdict ? 1 : 0;
    done["approved"] += t.approved ? 1 : 0;
    done["notified"] += t.notified ? 1 : 0;
    done["acknowledged"] += t.acknowledged ? 1 : 0;
    done["closed"] += t.verdict && t.closed ? 1 : 0;
  }
  ordered_json out{{"profile", plan.profile.name}, {"variant", name_of(plan.options.variant)},
                   {"seed", plan.options.seed},    {"speed", counts.speed},
                   {"wall_s", counts.wall_s},      {"is_over", room.is_over()}};
  for (const char* name :
       {"signals", "raised", "verified", "approved", "notified", "acknowledged", "closed"})
    out[name] = done[name];
  const auto found = room.found_by_centre();
  out["found_by_centre"] = {{"raised", found.raised}, {"closed", found.closed}};
  out["lost"] = counts.lost;
  out["still_open"] = counts.still_open;
  out["nobody_open"] = counts.nobody_open;
  out["lost_races"] = room.lost_races();
  std::map<std::string, unsigned> refused;
  for (const auto& f : room.failures()) ++refused[std::string{name_of(f.kind)} + " " + f.code];
  out["refused"] = refused;
  const auto ledger = ordered_json::parse(counts.ledger, nullptr, false);
  if (ledger.is_object()) {
    out["double_effects"] = double_effects(ledger);
    out["recipients"] = ledger.value("recipients", ordered_json::object());
    out["turned_away"] = ledger.value("turned_away", ordered_json::array()).size();
  }
  const day_totals t = totals_of(came_to_pass);
  out["totals"] = {{"live_transfers", t.live_transfers},
                   {"offences_reported", t.offences_reported},
                   {"viewings_after_complaint", t.viewings_after_complaint},
                   {"transmissions_on_requisition", t.transmissions_on_requisition},
                   {"alarms_checked", t.alarms_checked},
                   {"guard_dispatches", t.guard_dispatches},
                   {"municipal_police_calls", t.municipal_police_calls},
                   {"panic_buttons", t.panic_buttons},
                   {"camera_outages", t.camera_outages},
                   {"site_outages", t.site_outages}};
  out["delays"] = delays_of(plan, room);
  return out.dump();
}

}  // namespace vigie::simulators

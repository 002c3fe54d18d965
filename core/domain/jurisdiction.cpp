// SPDX-License-Identifier: Apache-2.0
#include "domain/jurisdiction.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vigie::domain {
namespace {

struct question {
  const incident_place& place;
  incident_kind type;
  local_time when;
  const force_answer& zone;
};

std::string span_of(const date_range& valid) {
  std::string out;
  if (valid.from.ok()) out += " from " + to_text(valid.from);
  if (valid.until.ok()) out += " until " + to_text(valid.until);
  return out;
}

force_answer given_by(const jurisdiction_zone& zone) {
  return {zone.force,
          fmt::format("{} of commune {} is in the {} zone{}",
                      zone.area.empty() ? "the whole" : "this part", zone.commune.str(),
                      name_of(zone.force), span_of(zone.valid)),
          zone.line};
}

/// Municipal police and the mayor act on their own commune only; others are just not in charge.
bool is_of_a_commune(recipient_kind kind) noexcept {
  return kind == recipient_kind::municipal_police || kind == recipient_kind::mayor_on_call;
}

std::optional<routing_verdict> refuse_place(const recipient_entry& who, const question& q) {
  const std::string rule = is_of_a_commune(who.kind) ? "LEG-04" : "";
  const bool serves_commune = who.communes.empty()
                                  ? !is_of_a_commune(who.kind)
                                  : std::find(who.communes.begin(), who.communes.end(),
                                              q.place.commune) != who.communes.end();
  if (!serves_commune)
    return routing_verdict{&who, routing_ground::elsewhere, rule,
                           fmt::format("commune {} is not its territory", q.place.commune.str()),
                           who.line};
  if (who.area.empty()) return std::nullopt;
  if (!q.place.position)
    return routing_verdict{&who, routing_ground::elsewhere, rule,
                           "it serves a part of the commune, and the camera has no position",
                           who.line};
  if (!covers(who.area, *q.place.position))
    return routing_verdict{&who, routing_ground::elsewhere, rule,
                           "the camera stands outside its part of the commune", who.line};
  return std::nullopt;
}

std::optional<routing_verdict> refuse_force(const recipient_entry& who, const question& q) {
  if (who.kind != recipient_kind::national_police_cic &&
      who.kind != recipient_kind::gendarmerie_corg)
    return std::nullopt;
  const auto force = who.kind == recipient_kind::national_police_cic ? state_force::police
                                                                     : state_force::gendarmerie;
  if (q.zone.force == force) return std::nullopt;
  return routing_verdict{
      &who, routing_ground::other_force, "",
      q.zone.force ? q.zone.why : "the zone of this place is unknown, the operator chooses",
      q.zone.line};
}

std::optional<routing_verdict> refuse_permission(const recipient_entry& who, const question& q) {
  if (who.kind != recipient_kind::municipal_police) return std::nullopt;
  const auto refused = [&](std::string why, std::uint32_t line) {
    return routing_verdict{&who, routing_ground::no_permission, "LEG-05", std::move(why), line};
  };
  if (!who.permission) return refused("its commune has not permitted it", who.line);
  const auto& permission = *who.permission;
  const auto day = q.when.date;
  if (permission.valid.until.ok() && day > permission.valid.until)
    return refused(fmt::format("its permission ({}) ended on {}", permission.act,
                               to_text(permission.valid.until)),
                   permission.line);
  if (permission.valid.from.ok() && day < permission.valid.from)
    return refused(fmt::format("its permission ({}) begins on {}", permission.act,
                               to_text(permission.valid.from)),
                   permission.line);
  if (permission.signed_on.ok() && day < permission.signed_on)
    return refused(fmt::format("its permission ({}) is signed on {}", permission.act,
                               to_text(permission.signed_on)),
                   permission.line);
  if (permission.night_clause.empty() && !municipal_police_day.contains(q.when.minute))
    return routing_verdict{
        &who, routing_ground::closed, "CSI L512-6",
        fmt::format("municipal police works {} unless the coordination convention says otherwise, "
                    "and it is {}",
                    to_text(municipal_police_day), clock_text(q.when.minute)),
        permission.line};
  return std::nullopt;
}

std::optional<routing_verdict> refuse_hours(const recipient_entry& who, const question& q) {
  const auto is_open = [&](const day_hours& hours) { return hours.contains(q.when.minute); };
  if (who.hours.empty() || std::any_of(who.hours.begin(), who.hours.end(), is_open))
    return std::nullopt;
  std::string hours;
  for (const auto& window : who.hours) hours += (hours.empty() ? "" : ", ") + to_text(window);
  return routing_verdict{
      &who, routing_ground::closed, "",
      fmt::format("its hours are {}, and it is {}", hours, clock_text(q.when.minute)), who.line};
}

routing_verdict judge(const recipient_entry& who, const question& q) {
  if (auto refused = refuse_place(who, q)) return *std::move(refused);
  if (std::find(who.kinds.begin(), who.kinds.end(), q.type) == who.kinds.end())
    return {&who, routing_ground::not_concerned, "",
            fmt::format("it is not told of {}", name_of(q.type)), who.line};
  if (auto refused = refuse_force(who, q)) return *std::move(refused);
  if (auto refused = refuse_permission(who, q)) return *std::move(refused);
  if (auto refused = refuse_hours(who, q)) return *std::move(refused);
  switch (who.kind) {
    case recipient_kind::national_police_cic:
    case recipient_kind::gendarmerie_corg:
      return {&who, routing_ground::told, "", q.zone.why, q.zone.line};
    case recipient_kind::municipal_police:
      return {&who, routing_ground::told, "LEG-05",
              fmt::format("its commune permits it ({}{})", who.permission->act,
                          span_of(who.permission->valid)),
              who.permission->line};
    case recipient_kind::fire_rescue_cta:
    case recipient_kind::samu_15:
    case recipient_kind::site_manager:
    case recipient_kind::mayor_on_call:
    case recipient_kind::guarding_company:
    case recipient_kind::maintenance_contractor:
      break;
  }
  return {&who, routing_ground::told, "", fmt::format("it is told of {} here", name_of(q.type)),
          who.line};
}

int rank_of(recipient_kind kind, incident_kind type) noexcept {
  const bool is_rescue = kind == recipient_kind::fire_rescue_cta || kind == recipient_kind::samu_15;
  if (is_rescue && needs_rescue(type)) return 0;
  return static_cast<int>(kind);
}

bool is_told(const routing& answer, recipient_kind kind) noexcept {
  return std::any_of(answer.told.begin(), answer.told.end(),
                     [&](const routing_verdict& v) { return v.who->kind == kind; });
}

void ask_operator(routing& answer, incident_kind type) {
  auto& reasons = answer.operator_chooses;
  if (needs_rescue(type) && !is_told(answer, recipient_kind::fire_rescue_cta))
    reasons.emplace_back("no recipient of fire and rescue is left for this place and time");
  if (needs_force(type)) {
    if (!answer.zone.force)
      reasons.push_back(answer.zone.why);
    else if (!is_told(answer, *answer.zone.force == state_force::police
                                  ? recipient_kind::national_police_cic
                                  : recipient_kind::gendarmerie_corg))
      reasons.push_back(fmt::format("no recipient of the {} is left for this place and time",
                                    name_of(*answer.zone.force)));
  }
  if (needs_repair(type) && !is_told(answer, recipient_kind::maintenance_contractor))
    reasons.emplace_back("no contractor is left for this place and time");
}

}  // namespace

force_answer force_at(const routing_table& table, const incident_place& place, calendar_date day) {
  const jurisdiction_zone* whole = nullptr;
  const jurisdiction_zone* part = nullptr;
  const jurisdiction_zone* unplaced = nullptr;  // a part that a camera without position may be in
  for (const auto& zone : table.zones) {
    if (zone.commune != place.commune || !zone.valid.contains(day)) continue;
    if (!zone.area.empty() && !place.position) {
      if (unplaced != nullptr && unplaced->force != zone.force)
        return {std::nullopt, "the camera has no position, and its commune has two forces",
                zone.line};
      unplaced = &zone;
      continue;
    }
    if (!zone.area.empty() && !covers(zone.area, *place.position)) continue;
    auto& best = zone.area.empty() ? whole : part;
    if (best != nullptr && best->force != zone.force)
      return {std::nullopt,
              fmt::format("lines {} and {} give this place to two forces", best->line, zone.line),
              zone.line};
    if (best == nullptr) best = &zone;
  }
  if (unplaced != nullptr && (whole == nullptr || whole->force != unplaced->force))
    return {std::nullopt, "the camera has no position, and its commune is divided", unplaced->line};
  if (part != nullptr) return given_by(*part);
  if (whole != nullptr) return given_by(*whole);
  return {std::nullopt,
          fmt::format("no zone is declared for this place in commune {} on {}", place.commune.str(),
                      to_text(day)),
          0};
}

routing route(const routing_table& table, const incident_place& place, incident_kind type,
              utc_us at) {
  routing answer;
  answer.when = paris_time(at);
  answer.zone = force_at(table, place, answer.when.date);
  const question q{place, type, answer.when, answer.zone};
  for (const auto& who : table.recipients) {
    auto verdict = judge(who, q);
    auto& list = verdict.ground == routing_ground::told ? answer.told : answer.refused;
    list.push_back(std::move(verdict));
  }
  std::stable_sort(answer.told.begin(), answer.told.end(),
                   [&](const routing_verdict& a, const routing_verdict& b) {
                     return rank_of(a.who->kind, type) < rank_of(b.who->kind, type);
                   });
  ask_operator(answer, type);
  return answer;
}

namespace {

bool is_open(const routing& answer, const routing_verdict& verdict) noexcept {
  return verdict.ground == routing_ground::told ||
         (verdict.ground == routing_ground::other_force && !answer.zone.force);
}

}  // namespace

std::vector<recipient_kind> open_recipients(const routing& answer) {
  std::vector<recipient_kind> out;
  for (const auto* list : {&answer.told, &answer.refused})
    for (const auto& verdict : *list)
      if (is_open(answer, verdict) &&
          std::find(out.begin(), out.end(), verdict.who->kind) == out.end())
        out.push_back(verdict.who->kind);
  return out;
}

const recipient_entry* chosen_recipient(const routing& answer, recipient_kind kind) noexcept {
  for (const auto* list : {&answer.told, &answer.refused})
    for (const auto& verdict : *list)
      if (verdict.who->kind == kind && is_open(answer, verdict)) return verdict.who;
  return nullptr;
}

}  // namespace vigie::domain

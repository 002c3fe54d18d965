// SPDX-License-Identifier: Apache-2.0
#include "day/duty_room.hpp"

#include <algorithm>
#include <array>

namespace vigie::simulators {

namespace {

constexpr unsigned most_tries = 20;
constexpr day_time try_again_after = std::chrono::seconds{5};
/// A recipient that has the notice and does not say so is called.
constexpr day_time acknowledge_patience = std::chrono::seconds{150};

bool is_outage(const day_entry& e) {
  return e.kind == day_kind::camera_outage || e.kind == day_kind::site_outage;
}

/// Looked at in recordings, without an incident.
bool is_viewing(const day_entry& e) {
  return e.kind == day_kind::complaint_viewing || e.kind == day_kind::requisition;
}

}  // namespace

std::string_view name_of(deed_kind k) noexcept {
  constexpr std::array<std::string_view, 14> names{
      "raise", "claim",     "verify", "conclude",  "monitor",     "propose", "approve",
      "call",  "intervene", "close",  "open_live", "open_replay", "fail",    "heal"};
  return names[static_cast<std::size_t>(k) - 1];
}

duty_room::duty_room(const day_plan& plan, unsigned operators) : busy_(operators, false) {
  items_.reserve(plan.entries.size());
  for (const day_entry& e : plan.entries) {
    item i;
    i.entry = &e;
    i.due = e.at;
    i.next = is_outage(e) ? deed_kind::fail : deed_kind::raise;
    items_.push_back(std::move(i));
  }
  planned_ = items_.size();
}

void duty_room::plan_next(item& i, deed_kind next, day_time when) {
  i.at = stage::handled;
  i.next = next;
  i.due = when;
}

void duty_room::free_seat(item& i) {
  if (i.holds_seat) busy_[*i.seat] = false;
  i.holds_seat = false;
}

void duty_room::finish(item& i, day_time now) {
  free_seat(i);
  i.at = stage::over;
  i.times.closed = now;
}

void duty_room::seat_waiting(day_time now) {
  for (std::size_t seat = 0; seat < busy_.size(); ++seat) {
    if (busy_[seat]) continue;
    item* first = nullptr;
    for (item& i : items_) {
      if (i.at != stage::waiting) continue;
      if (first == nullptr || i.score > first->score) first = &i;
    }
    if (first == nullptr) continue;
    busy_[seat] = true;
    first->seat = static_cast<unsigned>(seat);
    first->holds_seat = true;
    plan_next(*first, is_viewing(*first->entry) ? deed_kind::open_replay : deed_kind::claim,
              now + first->entry->delays.notice);
  }
}

std::vector<deed> duty_room::due(day_time now) {
  seat_waiting(now);
  std::vector<deed> deeds;
  for (item& i : items_) {
    const bool acts = i.at == stage::to_come || i.at == stage::handled;
    if (!acts || i.due > now) continue;
    if (i.at == stage::to_come && is_viewing(*i.entry)) {
      // Nobody signals it: a person stands at the door or an order lies on the desk.
      i.at = stage::waiting;
      i.times.raised = now;
      continue;
    }
    if (is_viewing(*i.entry) && i.next == deed_kind::close) {
      finish(i, now);
      continue;
    }
    deeds.push_back({i.next, i.entry, i.seat.value_or(0), i.incident, i.revision});
  }
  std::stable_sort(deeds.begin(), deeds.end(), [this](const deed& a, const deed& b) {
    return item_of(*a.entry).due < item_of(*b.entry).due;
  });
  return deeds;
}

std::optional<day_time> duty_room::next_due() const {
  std::optional<day_time> first;
  const bool is_seat_free = std::find(busy_.begin(), busy_.end(), false) != busy_.end();
  for (const item& i : items_) {
    if (i.at == stage::waiting && is_seat_free) return day_time{0};
    if (i.at != stage::to_come && i.at != stage::handled) continue;
    if (!first || i.due < *first) first = i.due;
  }
  return first;
}

void duty_room::on_raised(const deed& done, const std::string& incident, day_time now) {
  item& i = item_of(*done.entry);
  i.times.raised = now;
  i.incident = incident;
  const auto [known, is_new] =
      by_incident_.try_emplace(incident, static_cast<std::size_t>(&i - items_.data()));
  if (!is_new && items_[known->second].at != stage::over) {
    // The same cause is being looked into already: one incident, one operator.
    i.is_second = true;
    i.at = stage::away;
    return;
  }
  known->second = static_cast<std::size_t>(&i - items_.data());
  i.at = stage::signalled;
}

// A finding of the centre about its cameras. What other people raise is theirs.
void duty_room::take_finding(const incident_news& news, day_time now) {
  if (news.origin != "camera_health" || news.state == "closed") return;
  day_entry e;
  e.number = static_cast<unsigned>(items_.size() + 1);
  e.at = now;
  e.kind = news.type == "site_outage" ? day_kind::site_outage : day_kind::camera_outage;
  e.incident = "outage";
  e.insee = news.commune;
  e.site_id = news.site;
  e.truth = day_truth::real;
  e.told = day_told::contractor;
  e.delays = {std::chrono::seconds{30}, std::chrono::seconds{40}, std::chrono::seconds{15},
              std::chrono::minutes{30}, std::chrono::seconds{45}};
  found_.push_back(std::move(e));
  item i;
  i.entry = &found_.back();
  i.at = stage::signalled;
  i.incident = news.id;
  i.times.raised = now;
  by_incident_[news.id] = items_.size();
  items_.push_back(std::move(i));
}

duty_room::findings duty_room::found_by_centre() const {
  findings f;
  for (std::size_t at = planned_; at < items_.size(); ++at) {
    ++f.raised;
    f.closed += items_[at].at == stage::over ? 1 : 0;
  }
  return f;
}

std::vector<std::string> duty_room::all_incidents() const {
  std::vector<std::string> all;
  for (const auto& [id, at] : by_incident_) all.push_back(id);
  return all;
}

void duty_room::on_done(const deed& done, const incident_news& stands, day_time now) {
  item& i = item_of(*done.entry);
  i.tries = 0;
  if (done.kind == deed_kind::claim && stands.state != "claimed") {
    // Escalated after others were told: it goes on where it stood, with them.
    i.times.claimed = now;
    free_seat(i);
    i.at = stage::away;
  } else {
    after(i, done.kind, now);
  }
  if (!stands.id.empty()) on_news(stands, now);
}

void duty_room::after(item& i, deed_kind done, day_time now) {
  const day_entry& e = *i.entry;
  const day_delays& d = e.delays;
  switch (done) {
    case deed_kind::claim:
      i.times.claimed = now;
      return plan_next(i, deed_kind::verify, now);
    case deed_kind::verify:
      // What is blind needs no look.
      if (is_outage(e)) return plan_next(i, deed_kind::conclude, now + d.look);
      return plan_next(i, deed_kind::open_live, now);
    case deed_kind::open_live:
      return plan_next(i, deed_kind::conclude, now + d.look);
    case deed_kind::conclude:
      i.times.verdict = now;
      if (e.told != day_told::nobody) return plan_next(i, deed_kind::propose, now + d.decide / 2);
      if (e.truth == day_truth::nothing) return plan_next(i, deed_kind::close, now + d.write);
      return plan_next(i, deed_kind::monitor, now);
    case deed_kind::monitor:
      free_seat(i);
      return plan_next(i, deed_kind::close, now + d.handle + d.write);
    case deed_kind::propose:
      return plan_next(i, deed_kind::approve, now + d.decide / 2);
    case deed_kind::approve:
      i.times.approved = now;
      free_seat(i);
      i.at = stage::away;
      return;
    case deed_kind::call:
      i.at = stage::away;
      return;
    case deed_kind::intervene:
      return plan_next(i, deed_kind::close, now + d.handle / 2 + d.write);
    case deed_kind::open_replay:
      i.times.claimed = now;
      return plan_next(i, deed_kind::close, now + d.look + d.write);
    case deed_kind::fail:
      i.times.raised = now;
      return plan_next(i, deed_kind::heal, i.entry->at + e.lasts);
    case deed_kind::close:
    case deed_kind::heal:
      return finish(i, now);
    case deed_kind::raise:
      return;
  }
}

void duty_room::on_refused(const deed& refused, std::string_view code, day_time now) {
  item& i = item_of(*refused.entry);
  // The incident moved while the operator's hand was on the key.
  const bool lost_a_race = code == "replayed" && ++i.tries < most_tries;
  if (lost_a_race) {
    ++lost_races_;
    i.due = now + try_again_after;
    return;
  }
  failures_.push_back({i.entry->number, refused.kind, std::string{code}});
  // An image that cannot be shown now does not keep the operator from concluding.
  if (refused.kind == deed_kind::open_live || refused.kind == deed_kind::open_replay)
    return after(i, refused.kind, now);
  free_seat(i);
  i.at = stage::failed;
}

void duty_room::on_news(const incident_news& news, day_time now) {
  auto known = by_incident_.find(news.id);
  if (known == by_incident_.end()) {
    take_finding(news, now);
    known = by_incident_.find(news.id);
    if (known == by_incident_.end()) return;
  }
  for (item& i : items_) {
    if (i.incident != news.id || !i.is_second) continue;
    if (!i.times.told) i.times.told = now;
    if (news.state == "closed" && i.at == stage::away) finish(i, now);
  }
  item& i = items_[known->second];
  if (news.revision < i.revision) return;
  i.revision = news.revision;
  i.score = news.score;
  if (!i.times.told) i.times.told = now;
  const bool waits =
      news.state == "queued" || news.state == "escalated" || news.state == "reopened";
  const bool is_acknowledged = news.state == "acknowledged";
  if (waits && (i.at == stage::signalled || i.at == stage::away)) i.at = stage::waiting;
  if ((news.state == "notified" || is_acknowledged) && !i.times.notified) i.times.notified = now;
  if (is_acknowledged && !i.times.acknowledged) i.times.acknowledged = now;
  const bool would_call = i.at == stage::handled && i.next == deed_kind::call;
  if (is_acknowledged && (i.at == stage::away || would_call))
    plan_next(i, deed_kind::intervene, now + i.entry->delays.handle / 2);
  else if (i.at == stage::away && news.needs_call)
    plan_next(i, deed_kind::call, now + i.entry->delays.decide);
  else if (i.at == stage::away && news.state == "notified")
    plan_next(i, deed_kind::call, now + acknowledge_patience);
}

bool duty_room::awaits_news() const {
  return std::any_of(items_.begin(), items_.end(), [](const item& i) {
    return (i.at == stage::away && !i.is_second) || i.at == stage::signalled ||
           (i.at == stage::handled && i.next == deed_kind::call);
  });
}

bool duty_room::is_over() const {
  return std::all_of(items_.begin(), items_.end(),
                     [](const item& i) { return i.at == stage::over || i.at == stage::failed; });
}

const entry_times& duty_room::times_of(const day_entry& entry) const {
  return items_[entry.number - 1].times;
}

const std::string& duty_room::incident_of(const day_entry& entry) const {
  return items_[entry.number - 1].incident;
}

}  // namespace vigie::simulators

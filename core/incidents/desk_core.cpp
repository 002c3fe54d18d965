// SPDX-License-Identifier: Apache-2.0
#include "incidents/desk_core.hpp"

#include <algorithm>
#include <utility>

namespace vigie::incidents {

using namespace domain;

namespace {

const sender centre_itself{sender_kind::centre, "centre"};

/// Where a commune is unknown the journal wants the centre's own name.
commune_id authority_or_centre(const commune_id& authority) {
  return authority.empty() ? commune_id{"_"} : authority;
}

utc_us entered_utc(const incident& i, instant now) {
  return now.utc - (now.mono - i.entered_mono_ns) / 1000;
}

std::string bounded(std::string text) {
  if (text.size() > longest_incident_text_bytes) text.resize(longest_incident_text_bytes);
  return text;
}

}  // namespace

desk_core::desk_core(core_ports ports, incident_rules rules, delivery_rules deliveries,
                     recovered found, instant now)
    : ports_{std::move(ports)},
      rules_{rules},
      delivery_rules_{deliveries},
      store_{std::move(found.store)},
      now_{now},
      people_{ports_.roster()},
      last_incident_{found.last_incident},
      last_seq_{found.last_seq} {
  for (auto& i : found.open) {
    grouping_.resume(i, now.mono);
    const auto id = i.id.str();
    open_.emplace(id, std::move(i));
  }
  for (auto& d : found.deliveries) {
    const auto key = d.key;
    deliveries_.emplace(key, std::move(d));
  }
}

void desk_core::begin(instant now) {
  now_ = now;
  people_ = ports_.roster();
  batch_ = {};
  next_incident_ = last_incident_;
  next_seq_ = last_seq_;
  delta_ = {};
}

// -- inputs
// ---------------------------------------------------------------------------------------

taken<incident> desk_core::signal(const sender& from, const alarm_signal& signal,
                                  const std::string& text) {
  const auto about = "signal " + std::string{name_of(signal.kind)};
  if (!ports_.knows_place(signal.commune, signal.site))
    return tl::unexpected{refuse(refused::unknown_place, from.name, signal.commune, about)};
  // Judged before the grouping remembers it: who may not raise opens no cause.
  if (const auto no = signal_obstacle(from, signal, setting({}), now_))
    return tl::unexpected{refuse(*no, from.name, signal.commune, about)};
  if (from.kind == sender_kind::person && signal.source != from.name)
    return tl::unexpected{refuse(refused::wrong_origin, from.name, signal.commune, about)};
  if (text.size() > longest_incident_text_bytes)
    return tl::unexpected{refuse(refused::too_long, from.name, signal.commune, about)};
  const incident_id fresh{store_ + "-" + std::to_string(next_incident_ + 1)};
  auto grouped = grouping_.take(signal, fresh, now_.mono);
  const auto* known = grouped.is_new ? nullptr : present(grouped.incident.str());
  if (!grouped.is_new && (known == nullptr || known->state == incident_state::closed)) {
    if (known != nullptr) grouping_.forget(*known);
    grouped = grouping_.take(signal, fresh, now_.mono);
  }
  delta_.signals += signal.times;
  if (grouped.is_new) return raise(from, signal, fresh, text);
  auto step = stepped(*known, incident_input{from, signal});
  if (!step) return tl::unexpected{refuse(step.error(), from.name, signal.commune, about)};
  const auto after = step->next;
  keep(std::move(step->next));
  if (!text.empty() && from.kind == sender_kind::person) line(after, from.name, "note", text);
  if (grouped.is_worth_telling) tell(after, "signals", from.name);
  return after;
}

taken<incident> desk_core::raise(const sender& from, const alarm_signal& signal,
                                 const incident_id& id, const std::string& text) {
  auto made = domain::raise(id, from, signal, setting({}), now_);
  if (!made) return tl::unexpected{made.error()};
  ++next_incident_;
  ++delta_.raised;
  raised_.push_back(*made);
  const auto author = from.kind == sender_kind::person ? from.name : std::string{};
  // The row that says `queued` is on disk exactly when the incident is durable.
  auto step = stepped(*made, incident_input{centre_itself, incident_stored{}});
  if (!step) return tl::unexpected{step.error()};
  const auto after = step->next;
  keep(std::move(step->next));
  line(after, author, "raised", text, {}, std::string{name_of(after.state)});
  tell(after, "raised", author);
  return after;
}

void desk_core::remark(const alarm_signal& signal, const std::string& text) {
  const auto id = grouping_.find(signal);
  const auto* about = id ? present(id->str()) : nullptr;
  if (about != nullptr) line(*about, {}, "remark", bounded(text));
}

taken<incident> desk_core::act(const sender& from, const signed_act& message,
                               const std::function<std::optional<incident>()>& kept) {
  const auto* known = present(message.incident.str());
  std::optional<incident> from_disk;
  if (known == nullptr && (from_disk = kept())) known = &*from_disk;
  const auto about = message.incident.str();
  if (known == nullptr)
    return tl::unexpected{refuse(refused::unknown_incident, from.name, message.authority, about)};
  const auto before = *known;
  auto step = stepped(before, incident_input{from, message});
  if (!step) return tl::unexpected{refuse(step.error(), from.name, message.authority, about)};
  // Nothing goes out to somebody whom the routing no longer knows.
  for (const auto& effect : step->effects)
    if (const auto* out = std::get_if<notify>(&effect))
      if (chosen_recipient(ports_.route(before, now_.utc), out->what.to()) == nullptr)
        return tl::unexpected{
            refuse(refused::recipient_not_open, from.name, message.authority, about)};
  ++delta_.acts;
  const auto after = step->next;
  apply(*std::move(step), {});
  journal_act_of(before, after, message);
  if (const auto* call = std::get_if<record_call>(&message.act))
    step_delivery(before.notification, reached_by_voice{call->answer});
  return after;
}

taken<std::uint32_t> desk_core::report(
    const sender& from, const std::string& key,
    const std::function<std::optional<std::uint32_t>(const delivery&)>& path_of, path_report what) {
  const auto* d = changed_delivery(key);
  const auto path = d != nullptr ? path_of(*d) : std::nullopt;
  if (!path) return tl::unexpected{refuse(refused::notification_unknown, from.name, {}, key)};
  what.path = *path;
  what.text = bounded(std::move(what.text));
  what.reference = what.reference.substr(0, 200);
  step_delivery(key, what);
  return *path;
}

void desk_core::tick() {
  std::vector<id_text> due;
  for (const auto& [id, i] : open_) {
    const auto* latest = present(id);
    const auto at = next_deadline(*latest, rules_);
    if (at && now_.mono >= *at) due.push_back(id);
  }
  for (const auto& id : due)
    if (auto step = stepped(*present(id), incident_input{centre_itself, incident_tick{}}))
      apply(*std::move(step), {});
  std::vector<std::string> sends;
  for (const auto& [key, d] : deliveries_)
    if ((d.state == delivery_state::waiting || d.state == delivery_state::sent) &&
        now_.mono >= d.due)
      sends.push_back(key);
  for (const auto& [key, d] : changed_deliveries_)
    if (!deliveries_.contains(key)) sends.push_back(key);
  for (const auto& key : sends) step_delivery(key, time_passed{});
}

void desk_core::note_refusal(const std::string& author, const commune_id& authority, refused why,
                             const std::string& about) {
  refuse(why, author, authority, about);
}

// -- steps
// ----------------------------------------------------------------------------------------

const incident* desk_core::present(const id_text& id) const {
  if (const auto changed = changed_.find(id); changed != changed_.end()) return &changed->second;
  const auto known = open_.find(id);
  return known == open_.end() ? nullptr : &known->second;
}

incident_setting desk_core::setting(const std::vector<recipient_kind>& open) const {
  return {*people_, open, rules_};
}

taken<incident_step> desk_core::stepped(const incident& i, const incident_input& input) {
  std::vector<recipient_kind> open;
  if (const auto* message = std::get_if<signed_act>(&input.body))
    if (std::holds_alternative<propose_notification>(message->act) ||
        std::holds_alternative<approve_notification>(message->act))
      open = open_recipients(ports_.route(i, now_.utc));
  return step(i, input, setting(open), now_);
}

void desk_core::keep(incident next) {
  const auto id = next.id.str();
  changed_.insert_or_assign(id, std::move(next));
}

void desk_core::apply(incident_step step, const std::string& text) {
  const auto after = step.next;
  keep(std::move(step.next));
  for (auto& effect : step.effects) {
    if (auto* moved = std::get_if<incident_moved>(&effect)) {
      line(after, moved->author, "moved", moved->text.empty() ? text : moved->text,
           std::string{name_of(moved->from)}, std::string{name_of(moved->to)});
      tell(after, name_of(moved->to), moved->author);
    } else if (auto* note = std::get_if<note_added>(&effect)) {
      line(after, note->author, "note", note->text);
      tell(after, "note", note->author);
    } else if (const auto* help = std::get_if<help_wanted>(&effect)) {
      ++delta_.escalated;
      line(after, {}, "help_wanted",
           "stuck in " + std::string{name_of(help->stuck_in)} + ", " + std::to_string(help->times) +
               " times");
      tell(after, "help_wanted", {});
    } else if (const auto* out = std::get_if<notify>(&effect)) {
      begin_notification(after, out->what);
    }
  }
}

void desk_core::begin_notification(const incident& i, const approved_notification& what) {
  const auto routing = ports_.route(i, now_.utc);
  const auto* who = chosen_recipient(routing, what.to());
  ++delta_.notified;
  const auto id = who != nullptr ? who->id : std::string{};
  auto began = begin_delivery(what, i.id, id, now_.mono);
  const auto key = began.key;
  changed_deliveries_.insert_or_assign(key, std::move(began));
  auto why = "to " + id;
  if (!routing.zone.force && needs_force(i.kind))
    why += "; chosen by the operator: " + routing.zone.why;
  line(i, what.verdict().author(), "notification", std::move(why));
  step_delivery(key, time_passed{});
}

void desk_core::tell_incident(const std::string& incident, incident_body body) {
  const auto* i = present(incident);
  if (i == nullptr) return;
  // The incident may be further, or closed: the delivery's own row still says what happened.
  if (auto step = stepped(*i, incident_input{centre_itself, std::move(body)}))
    apply(*std::move(step), {});
}

delivery* desk_core::changed_delivery(const std::string& key) {
  const auto changed = changed_deliveries_.find(key);
  if (changed != changed_deliveries_.end()) return &changed->second;
  const auto known = deliveries_.find(key);
  if (known == deliveries_.end()) return nullptr;
  return &changed_deliveries_.emplace(key, known->second).first->second;
}

void desk_core::step_delivery(const std::string& key, const delivery_input& input) {
  auto* d = changed_delivery(key);
  if (d == nullptr) return;
  const auto before = d->state;
  auto stepped = incidents::step(*d, input, ports_.paths(d->recipient), delivery_rules_, now_.mono);
  *d = std::move(stepped.next);
  const auto incident = d->incident.str();
  const auto* about = present(incident);
  for (const auto& effect : stepped.effects) {
    if (const auto* send = std::get_if<send_now>(&effect)) {
      if (about == nullptr) continue;
      sends_.push_back({*d, send->path, *about});
      line(*about, {}, "delivery",
           "attempt " + std::to_string(send->attempt) + " over path " +
               std::to_string(send->path + 1));
    } else if (std::holds_alternative<tell_delivered>(effect)) {
      tell_incident(incident, notification_delivered{key});
    } else if (std::holds_alternative<tell_acknowledged>(effect)) {
      ++delta_.acknowledged;
      tell_incident(incident, notification_acknowledged{key});
    } else if (about != nullptr) {
      line(*about, {}, "delivery", "an operator is to call: " + bounded(d->detail));
      tell(*about, "delivery", {});
    }
  }
  const auto* latest = present(incident);
  if (latest != nullptr && d->state != before) {
    line(*latest, {}, "delivery",
         std::string{name_of(d->state)} + (d->reference.empty() ? "" : " " + d->reference));
    tell(*latest, "delivery", {});
  }
}

// -- what is kept and told
// ------------------------------------------------------------------------

void desk_core::line(const incident& i, std::string author, std::string what, std::string text,
                     std::string from, std::string to) {
  batch_.logbook.push_back({0, i.id, now_.utc, std::move(author), std::move(what), std::move(from),
                            std::move(to), std::move(text)});
}

void desk_core::tell(const incident& i, std::string_view change, const std::string& author) {
  const auto changed = changed_deliveries_.find(i.notification);
  const auto* on_its_way = changed != changed_deliveries_.end() ? &changed->second : delivery_of(i);
  const incident_fact fact{++next_seq_,          store_,    now_.utc, change, author, i,
                           priority_of(i, now_), on_its_way};
  auto row = ports_.encode(fact);
  row.seq = fact.seq;
  batch_.bus.push_back(std::move(row));
}

void desk_core::journal(const std::string& author, const commune_id& authority, journal_act act,
                        std::string reason, std::string recipient, std::string detail) {
  batch_.journal.push_back({0, now_.utc, author.empty() ? std::string{"vigie"} : author,
                            authority_or_centre(authority), act, std::move(reason),
                            std::move(recipient), std::move(detail)});
}

void desk_core::journal_act_of(const incident& before, const incident& i,
                               const signed_act& message) {
  if (const auto* verdict = std::get_if<record_verdict>(&message.act))
    journal(message.author, i.commune, journal_act::verdict, verdict->reason, {},
            i.id.str() + " " + std::string{name_of(verdict->verdict)});
  if (std::holds_alternative<approve_notification>(message.act))
    journal(message.author, i.commune, journal_act::notification,
            i.verdict ? i.verdict->reason() : std::string{"approved"},
            i.proposed ? std::string{name_of(*i.proposed)} : std::string{}, i.notification);
  if (const auto* call = std::get_if<record_call>(&message.act))
    journal(message.author, i.commune, journal_act::notification, "call: " + call->answer,
            i.proposed ? std::string{name_of(*i.proposed)} : std::string{}, before.notification);
}

refused desk_core::refuse(refused why, const std::string& author, const commune_id& authority,
                          const std::string& about) {
  ++delta_.refusals[why];
  // A flood is counted; the journal gets the first of each second, and how many followed.
  constexpr mono_ns window = 1'000'000'000;
  constexpr std::uint64_t journalled_a_second = 50;
  if (now_.mono - refusals_since_ >= window) {
    refusals_since_ = now_.mono;
    refusals_journalled_ = 0;
  }
  if (refusals_journalled_ >= journalled_a_second) {
    ++refusals_unsaid_;
    return why;
  }
  ++refusals_journalled_;
  const auto words = words_of(why);
  auto detail = bounded(about);
  if (const auto unsaid = std::exchange(refusals_unsaid_, 0))
    detail += " (and " + std::to_string(unsaid) + " refusals before)";
  journal(author, authority, journal_act::refusal,
          std::string{words.rule} + ": " + std::string{words.en}, {}, std::move(detail));
  return why;
}

// -- the batch
// ------------------------------------------------------------------------------------

const store_batch& desk_core::batch() {
  batch_.incidents.clear();
  batch_.deliveries.clear();
  for (const auto& [id, i] : changed_) batch_.incidents.push_back({i, entered_utc(i, now_)});
  for (const auto& [key, d] : changed_deliveries_) batch_.deliveries.push_back(d);
  return batch_;
}

std::vector<due_send> desk_core::accept() {
  for (auto& [id, i] : changed_) {
    if (i.state == incident_state::closed) {
      grouping_.forget(i);
      open_.erase(id);
    } else {
      if (!open_.contains(id) && i.reopenings > 0) grouping_.resume(i, now_.mono);
      open_.insert_or_assign(id, std::move(i));
    }
  }
  for (auto& [key, d] : changed_deliveries_) {
    if (is_settled(d.state))
      deliveries_.erase(key);
    else
      deliveries_.insert_or_assign(key, std::move(d));
  }
  last_incident_ = next_incident_;
  last_seq_ = next_seq_;
  totals_.raised += delta_.raised;
  totals_.signals += delta_.signals;
  totals_.acts += delta_.acts;
  totals_.escalated += delta_.escalated;
  totals_.notified += delta_.notified;
  totals_.acknowledged += delta_.acknowledged;
  for (const auto& [why, times] : delta_.refusals) totals_.refusals[why] += times;
  changed_.clear();
  changed_deliveries_.clear();
  raised_.clear();
  return std::exchange(sends_, {});
}

void desk_core::discard() {
  for (const auto& i : raised_) grouping_.forget(i);
  for (const auto& [why, times] : delta_.refusals) totals_.refusals[why] += times;
  changed_.clear();
  changed_deliveries_.clear();
  raised_.clear();
  sends_.clear();
  batch_ = {};
}

// -- views
// ----------------------------------------------------------------------------------------

const incident* desk_core::find(const incident_id& id) const {
  const auto found = open_.find(id.str());
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<const incident*> desk_core::open() const {
  std::vector<const incident*> out;
  out.reserve(open_.size());
  for (const auto& [id, i] : open_) out.push_back(&i);
  return out;
}

const delivery* desk_core::delivery_of(const incident& i) const {
  const auto found = deliveries_.find(i.notification);
  return found == deliveries_.end() ? nullptr : &found->second;
}

core_counts desk_core::counts() const {
  auto out = totals_;
  out.open = open_.size();
  for (const auto& [id, i] : open_) out.waiting += is_waiting_state(i.state) ? 1U : 0U;
  out.deliveries_open = deliveries_.size();
  return out;
}

}  // namespace vigie::incidents

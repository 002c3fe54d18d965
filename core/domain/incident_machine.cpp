// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_machine.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "domain/incident_grouping.hpp"

namespace vigie::domain {

using outcome = tl::expected<incident_step, refusal_kind>;

namespace {

constexpr auto refuse(refusal_kind kind) { return tl::unexpected<refusal_kind>{kind}; }

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::optional<refusal_kind> text_obstacle(std::string_view text) {
  if (is_blank(text)) return refusal_kind::reason_missing;
  if (text.size() > longest_incident_text_bytes) return refusal_kind::too_long;
  return std::nullopt;
}

std::chrono::seconds patience(incident_state s, const incident_rules& rules) noexcept {
  switch (s) {
    case incident_state::raised:
      return rules.store_patience;
    case incident_state::queued:
    case incident_state::escalated:
    case incident_state::reopened:
      return rules.claim_patience;
    case incident_state::claimed:
    case incident_state::verifying:
      return rules.verdict_patience;
    case incident_state::false_alarm:
    case incident_state::inconclusive:
    case incident_state::confirmed:
    case incident_state::notification_proposed:
      return rules.decision_patience;
    case incident_state::notification_approved:
      return rules.delivery_patience;
    case incident_state::notified:
      return rules.acknowledge_patience;
    case incident_state::monitored:
      return rules.monitor_patience;
    case incident_state::acknowledged:
    case incident_state::under_intervention:
    case incident_state::closed:
      break;
  }
  return rules.intervention_patience;
}

/// A notification is approved or further: its verdict stands for good.
bool is_out(incident_state s) noexcept {
  return s == incident_state::notification_approved || s == incident_state::notified ||
         s == incident_state::acknowledged || s == incident_state::under_intervention;
}

void forget_verdict(incident& i) {
  i.verdict.reset();
  i.proposed.reset();
  i.notification.clear();
  i.resumes_as.reset();
}

/// What an act needs to be judged before its own rule is.
struct act_seat {
  const signed_act& message;
  const duty_person& person;
  const incident_setting& setting;
  instant now;
};

}  // namespace

/// One function per act. The only code that can make a human_verdict or an approved_notification.
struct incident_acts {
  incident next;
  const act_seat& seat;
  std::vector<incident_effect> effects;

  outcome move(incident_state to, std::string text = {}) {
    std::vector<incident_effect> told;
    told.reserve(effects.size() + 1);
    told.emplace_back(incident_moved{next.state, to, seat.person.name, std::move(text)});
    for (auto& e : effects) told.push_back(std::move(e));
    effects = std::move(told);
    next.state = to;
    next.entered_mono_ns = seat.now.mono;
    return done();
  }
  outcome done() {
    ++next.revision;
    return incident_step{std::move(next), std::move(effects)};
  }
  bool is_mine() const { return next.owner == seat.person.name; }
  std::optional<refusal_kind> from(std::initializer_list<incident_state> states) const {
    if (std::find(states.begin(), states.end(), next.state) == states.end())
      return refusal_kind::wrong_state;
    if (!is_mine()) return refusal_kind::not_the_owner;
    return std::nullopt;
  }
  /// Whether the person of this seat confirmed this incident, and is thus free to have others told.
  bool has_confirmed() const {
    return next.verdict && next.verdict->kind() == verdict_kind::confirmed &&
           next.verdict->incident() == next.id && next.verdict->author() == seat.person.name;
  }
  bool is_open(recipient_kind r) const {
    const auto& open = seat.setting.open_recipients;
    return std::find(open.begin(), open.end(), r) != open.end();
  }

  outcome operator()(const claim&) {
    if (is_owned_state(next.state)) return refuse(refusal_kind::already_claimed);
    if (next.state != incident_state::queued && next.state != incident_state::escalated &&
        next.state != incident_state::reopened)
      return refuse(refusal_kind::wrong_state);
    next.owner = seat.person.name;
    const auto to = std::exchange(next.resumes_as, {}).value_or(incident_state::claimed);
    return move(to);
  }

  outcome operator()(const release&) {
    if (const auto no = from({incident_state::claimed, incident_state::verifying}))
      return refuse(*no);
    next.owner.clear();
    return move(incident_state::queued);
  }

  outcome operator()(const transfer& act) {
    if (!is_owned_state(next.state)) return refuse(refusal_kind::wrong_state);
    if (!is_mine() && seat.person.role != centre_role::room_chief)
      return refuse(refusal_kind::not_the_owner);
    const auto* to = find_person(seat.setting.people, act.to);
    if (!to) return refuse(refusal_kind::unknown_person);
    if (to->name == next.owner) return refuse(refusal_kind::already_claimed);
    if (const auto no = duty_obstacle(*to, next.commune, seat.now.utc)) return refuse(*no);
    next.owner = to->name;
    if (is_out(next.state)) return move(next.state, to->name);
    forget_verdict(next);
    return move(incident_state::claimed, to->name);
  }

  outcome operator()(const start_verification&) {
    if (const auto no = from({incident_state::claimed})) return refuse(*no);
    return move(incident_state::verifying);
  }

  outcome operator()(const record_verdict& act) {
    if (const auto no = from({incident_state::verifying})) return refuse(*no);
    if (const auto no = text_obstacle(act.reason)) return refuse(*no);
    auto to = incident_state::inconclusive;
    if (act.verdict == verdict_kind::confirmed) to = incident_state::confirmed;
    if (act.verdict == verdict_kind::false_alarm) to = incident_state::false_alarm;
    const auto kind = to == incident_state::inconclusive ? verdict_kind::inconclusive : act.verdict;
    next.verdict = human_verdict{next.id, kind, seat.person.name, act.reason, seat.now.utc};
    return move(to, act.reason);
  }

  outcome operator()(const monitor&) {
    if (const auto no = from({incident_state::inconclusive})) return refuse(*no);
    return move(incident_state::monitored);
  }

  outcome operator()(const escalate& act) {
    if (const auto no = from({incident_state::inconclusive})) return refuse(*no);
    if (const auto no = text_obstacle(act.reason)) return refuse(*no);
    forget_verdict(next);
    next.owner.clear();
    ++next.escalations;
    effects.emplace_back(help_wanted{incident_state::inconclusive, next.escalations});
    return move(incident_state::escalated, act.reason);
  }

  outcome operator()(const propose_notification& act) {
    if (!has_confirmed()) return refuse(refusal_kind::no_confirmation);
    if (const auto no = from({incident_state::confirmed})) return refuse(*no);
    if (!is_open(act.to)) return refuse(refusal_kind::recipient_not_open);
    next.proposed = act.to;
    return move(incident_state::notification_proposed, std::string{name_of(act.to)});
  }

  outcome operator()(const approve_notification&) {
    if (!has_confirmed()) return refuse(refusal_kind::no_confirmation);
    if (const auto no = from({incident_state::notification_proposed})) return refuse(*no);
    if (!next.proposed || !is_open(*next.proposed)) return refuse(refusal_kind::recipient_not_open);
    next.notification = next.id.str() + "-n" + std::to_string(++next.notifications);
    effects.emplace_back(notify{
        approved_notification{next.notification, *next.proposed, *next.verdict, seat.now.utc}});
    return move(incident_state::notification_approved);
  }

  outcome operator()(const record_call& act) {
    if (const auto no = from({incident_state::notification_approved, incident_state::notified}))
      return refuse(*no);
    if (const auto no = text_obstacle(act.answer)) return refuse(*no);
    return move(incident_state::acknowledged, act.answer);
  }

  outcome operator()(const start_intervention&) {
    if (const auto no = from({incident_state::acknowledged})) return refuse(*no);
    return move(incident_state::under_intervention);
  }

  outcome operator()(const close& act) {
    if (const auto no = from({incident_state::false_alarm, incident_state::monitored,
                              incident_state::under_intervention}))
      return refuse(*no);
    if (const auto no = text_obstacle(act.report)) return refuse(*no);
    next.owner.clear();
    return move(incident_state::closed, act.report);
  }

  outcome operator()(const reopen& act) {
    if (next.state != incident_state::closed) return refuse(refusal_kind::wrong_state);
    if (const auto no = text_obstacle(act.reason)) return refuse(*no);
    forget_verdict(next);
    ++next.reopenings;
    return move(incident_state::reopened, act.reason);
  }

  outcome operator()(const add_note& act) {
    if (const auto no = text_obstacle(act.text)) return refuse(*no);
    ++next.notes;
    effects.emplace_back(note_added{seat.person.name, act.text});
    return done();
  }
};

namespace {

outcome take_act(const incident& state, const sender& from, const signed_act& message,
                 const incident_setting& setting, instant now) {
  if (from.kind != sender_kind::person) return refuse(refusal_kind::not_a_person);
  if (message.author != from.name) return refuse(refusal_kind::forged_author);
  const auto* person = find_person(setting.people, from.name);
  if (!person) return refuse(refusal_kind::unknown_person);
  if (message.incident != state.id) return refuse(refusal_kind::other_incident);
  if (message.authority != state.commune) return refuse(refusal_kind::other_commune);
  if (const auto no = duty_obstacle(*person, state.commune, now.utc)) return refuse(*no);
  if (std::holds_alternative<claim>(message.act) && is_owned_state(state.state))
    return refuse(refusal_kind::already_claimed);
  // Written as bounds on sent_utc_us: a hostile extreme must not overflow a difference.
  const utc_us patience_us = std::chrono::microseconds{setting.rules.message_patience}.count();
  if (message.revision != state.revision || message.sent_utc_us < now.utc - patience_us ||
      message.sent_utc_us > now.utc + patience_us)
    return refuse(refusal_kind::replayed);
  const act_seat seat{message, *person, setting, now};
  return std::visit(incident_acts{state, seat, {}}, message.act);
}

incident_step moved_by_centre(incident next, incident_state to, instant now) {
  incident_step stepped;
  stepped.effects.emplace_back(incident_moved{next.state, to, {}, {}});
  next.state = to;
  next.entered_mono_ns = now.mono;
  ++next.revision;
  stepped.next = std::move(next);
  return stepped;
}

incident_step tick(const incident& state, const incident_rules& rules, instant now) {
  const auto due = next_deadline(state, rules);
  if (!due || now.mono < *due) return {state, {}};
  auto next = state;
  const auto stuck_in = state.state;
  if (is_out(stuck_in)) {
    next.resumes_as = stuck_in;
  } else if (stuck_in != incident_state::escalated) {
    forget_verdict(next);
  }
  next.owner.clear();
  if (next.escalations < std::numeric_limits<std::uint32_t>::max()) ++next.escalations;
  const auto times = next.escalations;
  if (stuck_in == incident_state::escalated) {
    next.entered_mono_ns = now.mono;
    incident_step again{std::move(next), {}};
    again.effects.emplace_back(help_wanted{stuck_in, times});
    return again;
  }
  auto stepped = moved_by_centre(std::move(next), incident_state::escalated, now);
  stepped.effects.emplace_back(help_wanted{stuck_in, times});
  return stepped;
}

/// A notification's progress counts while the incident is escalated, too.
outcome take_report(const incident& state, const std::string& id, incident_state expected,
                    incident_state reached, instant now) {
  if (state.notification.empty() || id != state.notification)
    return refuse(refusal_kind::notification_unknown);
  if (state.state == expected) return moved_by_centre(state, reached, now);
  if (state.resumes_as != expected) return refuse(refusal_kind::wrong_state);
  auto next = state;
  next.resumes_as = reached;
  ++next.revision;
  incident_step stepped{std::move(next), {}};
  stepped.effects.emplace_back(incident_moved{expected, reached, {}, {}});
  return stepped;
}

std::uint64_t added(std::uint64_t count, std::uint64_t more) {
  return count + std::min(more, std::numeric_limits<std::uint64_t>::max() - count);
}

outcome take_signal(const incident& state, const sender& from, const alarm_signal& signal,
                    const incident_setting& setting, instant now) {
  if (const auto no = signal_obstacle(from, signal, setting, now)) return refuse(*no);
  if (signal.commune != state.commune || signal.site != state.site || signal.kind != state.kind ||
      (!groups_by_site(signal.kind) && signal.source != state.source))
    return refuse(refusal_kind::signal_mismatch);
  if (state.state == incident_state::closed) return refuse(refusal_kind::wrong_state);
  auto next = state;
  next.signals = added(next.signals, signal.times);
  return incident_step{std::move(next), {}};
}

}  // namespace

std::optional<refusal_kind> signal_obstacle(const sender& from, const alarm_signal& signal,
                                            const incident_setting& setting, instant now) noexcept {
  const bool is_by_person = signal.origin == incident_origin::operator_seen ||
                            signal.origin == incident_origin::force_request;
  if (is_by_person) {
    if (from.kind != sender_kind::person) return refusal_kind::not_a_person;
    const auto* person = find_person(setting.people, from.name);
    if (!person) return refusal_kind::unknown_person;
    return duty_obstacle(*person, signal.commune, now.utc);
  }
  const auto speaker =
      signal.origin == incident_origin::camera_health ? sender_kind::centre : sender_kind::plugin;
  if (from.kind != speaker) return refusal_kind::wrong_origin;
  return std::nullopt;
}

tl::expected<incident, refusal_kind> raise(incident_id id, const sender& from,
                                           const alarm_signal& first,
                                           const incident_setting& setting, instant now) {
  if (const auto no = signal_obstacle(from, first, setting, now)) return refuse(*no);
  incident i;
  i.id = std::move(id);
  i.commune = first.commune;
  i.site = first.site;
  i.kind = first.kind;
  i.origin = first.origin;
  i.source = first.source;
  i.signals = std::max<std::uint64_t>(first.times, 1);
  i.raised_utc_us = now.utc;
  i.raised_mono_ns = now.mono;
  i.entered_mono_ns = now.mono;
  return i;
}

outcome step(const incident& state, const incident_input& input, const incident_setting& setting,
             instant now) {
  if (const auto* message = std::get_if<signed_act>(&input.body))
    return take_act(state, input.from, *message, setting, now);
  if (const auto* signal = std::get_if<alarm_signal>(&input.body))
    return take_signal(state, input.from, *signal, setting, now);
  if (input.from.kind != sender_kind::centre) return refuse(refusal_kind::not_the_centre);
  if (std::holds_alternative<incident_tick>(input.body)) return tick(state, setting.rules, now);
  if (const auto* delivered = std::get_if<notification_delivered>(&input.body))
    return take_report(state, delivered->id, incident_state::notification_approved,
                       incident_state::notified, now);
  if (const auto* told = std::get_if<notification_acknowledged>(&input.body))
    return take_report(state, told->id, incident_state::notified, incident_state::acknowledged,
                       now);
  if (state.state != incident_state::raised) return refuse(refusal_kind::wrong_state);
  return moved_by_centre(state, incident_state::queued, now);
}

std::optional<mono_ns> next_deadline(const incident& state, const incident_rules& rules) noexcept {
  if (state.state == incident_state::closed) return std::nullopt;
  return state.entered_mono_ns + to_ns(patience(state.state, rules));
}

}  // namespace vigie::domain

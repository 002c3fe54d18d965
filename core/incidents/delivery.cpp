// SPDX-License-Identifier: Apache-2.0
#include "incidents/delivery.hpp"

#include <algorithm>
#include <utility>

#include "domain/word_list.hpp"

namespace vigie::incidents {
namespace {

using namespace std::string_view_literals;

constexpr std::array state_words{"waiting"sv, "sent"sv, "delivered"sv, "needs_human"sv,
                                 "acknowledged"sv};

mono_ns pause_after(std::uint32_t rounds, const delivery_rules& rules) {
  auto pause = rules.first_pause;
  for (std::uint32_t i = 1; i < rounds && pause < rules.longest_pause; ++i) pause *= 2;
  return to_ns(std::min(pause, rules.longest_pause));
}

/// This path is mute or refuses: the next one at once; after the last, a person, and a pause.
void go_on(delivery_step& out, std::size_t paths, const delivery_rules& rules, mono_ns now) {
  auto& d = out.next;
  d.state = delivery_state::waiting;
  d.due = now;
  if (++d.path < paths) return;
  d.path = 0;
  if (++d.rounds == 1) out.effects.emplace_back(tell_human{});
  d.due = now + pause_after(d.rounds, rules);
}

void send(delivery_step& out, std::size_t paths, const delivery_rules& rules, mono_ns now) {
  auto& d = out.next;
  if (paths == 0) {
    d.state = delivery_state::needs_human;
    d.detail = "no path to this recipient is configured";
    out.effects.emplace_back(tell_human{});
    return;
  }
  if (d.path >= paths) d.path = 0;
  d.state = delivery_state::sent;
  d.due = now + to_ns(rules.mute_after);
  out.effects.emplace_back(send_now{d.path, ++d.attempt});
}

void take_report(delivery_step& out, const path_report& report, std::size_t paths,
                 const delivery_rules& rules, mono_ns now) {
  auto& d = out.next;
  const bool is_of_present_path = d.state == delivery_state::sent && d.path == report.path;
  switch (report.outcome) {
    case delivery_outcome::acknowledged:
      if (d.state != delivery_state::delivered) out.effects.emplace_back(tell_delivered{});
      out.effects.emplace_back(tell_acknowledged{});
      d.state = delivery_state::acknowledged;
      break;
    case delivery_outcome::delivered:
      if (d.state == delivery_state::delivered) return;
      out.effects.emplace_back(tell_delivered{});
      d.state = delivery_state::delivered;
      break;
    case delivery_outcome::needs_human:
      if (!is_of_present_path) return;
      d.state = delivery_state::needs_human;
      out.effects.emplace_back(tell_human{});
      break;
    case delivery_outcome::failed:
      if (!is_of_present_path) return;
      go_on(out, paths, rules, now);
      break;
  }
  if (!report.reference.empty()) d.reference = report.reference;
  d.detail = report.text;
}

}  // namespace

std::string_view name_of(delivery_state s) noexcept {
  return domain::words::name_of(state_words, s);
}
std::optional<delivery_state> delivery_state_from(std::string_view name) noexcept {
  return domain::words::value_of<delivery_state>(state_words, name);
}

delivery begin_delivery(const domain::approved_notification& what,
                        const domain::incident_id& incident, std::string recipient, mono_ns now) {
  delivery d;
  d.key = what.id();
  d.incident = incident;
  d.kind = what.to();
  d.recipient = std::move(recipient);
  d.approved_by = what.verdict().author();
  d.approved_utc_us = what.approved_utc_us();
  d.due = now;
  return d;
}

void resume(delivery& d, mono_ns now) noexcept {
  if (d.state == delivery_state::sent) d.state = delivery_state::waiting;
  d.due = now;
}

bool is_settled(delivery_state s) noexcept { return s == delivery_state::acknowledged; }

delivery_step step(const delivery& state, const delivery_input& input, std::size_t paths,
                   const delivery_rules& rules, mono_ns now) {
  delivery_step out{state, {}};
  if (is_settled(state.state)) return out;
  if (const auto* report = std::get_if<path_report>(&input)) {
    take_report(out, *report, paths, rules, now);
  } else if (const auto* voice = std::get_if<reached_by_voice>(&input)) {
    out.next.state = delivery_state::acknowledged;
    out.next.detail = voice->answer;
  } else if (now >= state.due) {
    if (state.state == delivery_state::waiting) {
      send(out, paths, rules, now);
    } else if (state.state == delivery_state::sent) {
      out.next.detail = "no answer";
      go_on(out, paths, rules, now);
      if (out.next.state == delivery_state::waiting && out.next.due <= now)
        send(out, paths, rules, now);
    }
  }
  return out;
}

}  // namespace vigie::incidents

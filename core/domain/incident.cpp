// SPDX-License-Identifier: Apache-2.0
#include "domain/incident.hpp"

#include "domain/word_list.hpp"

namespace vigie::domain {
namespace {

using namespace std::string_view_literals;

// In the order of the enumerators, which count from 1.
constexpr std::array state_words{"raised"sv,
                                 "queued"sv,
                                 "claimed"sv,
                                 "verifying"sv,
                                 "false_alarm"sv,
                                 "inconclusive"sv,
                                 "monitored"sv,
                                 "confirmed"sv,
                                 "notification_proposed"sv,
                                 "notification_approved"sv,
                                 "notified"sv,
                                 "acknowledged"sv,
                                 "under_intervention"sv,
                                 "escalated"sv,
                                 "closed"sv,
                                 "reopened"sv};
constexpr std::array origin_words{"camera_health"sv, "vendor_event"sv,  "analytics"sv,
                                  "alarm_panel"sv,   "operator_seen"sv, "force_request"sv};
constexpr std::array verdict_words{"confirmed"sv, "false_alarm"sv, "inconclusive"sv};
static_assert(state_words.size() == static_cast<std::size_t>(incident_state::reopened));

bool needs_notification(incident_state s) noexcept {
  return s == incident_state::notification_approved || s == incident_state::notified ||
         s == incident_state::acknowledged || s == incident_state::under_intervention;
}

bool has_verdict(const incident& i, verdict_kind kind) noexcept {
  return i.verdict && i.verdict->kind() == kind && i.verdict->incident() == i.id;
}

bool fits(const incident& i, incident_state s) noexcept {
  switch (s) {
    case incident_state::raised:
    case incident_state::queued:
    case incident_state::claimed:
    case incident_state::verifying:
    case incident_state::reopened:
      return !i.verdict && !i.proposed && i.notification.empty();
    case incident_state::false_alarm:
      return has_verdict(i, verdict_kind::false_alarm) && !i.proposed && i.notification.empty();
    case incident_state::inconclusive:
    case incident_state::monitored:
      return has_verdict(i, verdict_kind::inconclusive) && !i.proposed && i.notification.empty();
    case incident_state::confirmed:
      return has_verdict(i, verdict_kind::confirmed) && !i.proposed && i.notification.empty();
    case incident_state::notification_proposed:
      return has_verdict(i, verdict_kind::confirmed) && i.proposed && i.notification.empty();
    case incident_state::notification_approved:
    case incident_state::notified:
    case incident_state::acknowledged:
    case incident_state::under_intervention:
      return has_verdict(i, verdict_kind::confirmed) && i.proposed && !i.notification.empty();
    case incident_state::escalated:
      return i.resumes_as ? needs_notification(*i.resumes_as) && fits(i, *i.resumes_as)
                          : fits(i, incident_state::queued);
    case incident_state::closed:
      return i.verdict && i.verdict->incident() == i.id;
  }
  return false;
}

}  // namespace

std::string_view name_of(incident_state s) noexcept { return words::name_of(state_words, s); }
std::string_view name_of(incident_origin o) noexcept { return words::name_of(origin_words, o); }
std::string_view name_of(verdict_kind v) noexcept { return words::name_of(verdict_words, v); }
std::optional<incident_state> incident_state_from(std::string_view name) noexcept {
  return words::value_of<incident_state>(state_words, name);
}
std::optional<incident_origin> incident_origin_from(std::string_view name) noexcept {
  return words::value_of<incident_origin>(origin_words, name);
}
std::optional<verdict_kind> verdict_kind_from(std::string_view name) noexcept {
  return words::value_of<verdict_kind>(verdict_words, name);
}
std::vector<std::string_view> verdict_kind_names() { return words::all_of(verdict_words); }

bool is_waiting_state(incident_state s) noexcept {
  return s == incident_state::raised || s == incident_state::queued ||
         s == incident_state::escalated || s == incident_state::reopened;
}

bool is_owned_state(incident_state s) noexcept {
  return !is_waiting_state(s) && s != incident_state::closed;
}

bool is_consistent(const incident& i) noexcept {
  if (i.owner.empty() == is_owned_state(i.state)) return false;
  if (i.resumes_as && i.state != incident_state::escalated) return false;
  return fits(i, i.state);
}

}  // namespace vigie::domain

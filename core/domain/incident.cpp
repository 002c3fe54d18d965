// SPDX-License-Identifier: Apache-2.0
#include "domain/incident.hpp"

namespace vigie::domain {
namespace {

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

std::string_view name_of(incident_state s) noexcept {
  switch (s) {
    case incident_state::raised:
      return "raised";
    case incident_state::queued:
      return "queued";
    case incident_state::claimed:
      return "claimed";
    case incident_state::verifying:
      return "verifying";
    case incident_state::false_alarm:
      return "false_alarm";
    case incident_state::inconclusive:
      return "inconclusive";
    case incident_state::monitored:
      return "monitored";
    case incident_state::confirmed:
      return "confirmed";
    case incident_state::notification_proposed:
      return "notification_proposed";
    case incident_state::notification_approved:
      return "notification_approved";
    case incident_state::notified:
      return "notified";
    case incident_state::acknowledged:
      return "acknowledged";
    case incident_state::under_intervention:
      return "under_intervention";
    case incident_state::escalated:
      return "escalated";
    case incident_state::closed:
      return "closed";
    case incident_state::reopened:
      return "reopened";
  }
  return "unknown";
}

std::string_view name_of(incident_origin o) noexcept {
  switch (o) {
    case incident_origin::camera_health:
      return "camera_health";
    case incident_origin::vendor_event:
      return "vendor_event";
    case incident_origin::analytics:
      return "analytics";
    case incident_origin::alarm_panel:
      return "alarm_panel";
    case incident_origin::operator_seen:
      return "operator_seen";
    case incident_origin::force_request:
      return "force_request";
  }
  return "unknown";
}

std::string_view name_of(verdict_kind v) noexcept {
  switch (v) {
    case verdict_kind::confirmed:
      return "confirmed";
    case verdict_kind::false_alarm:
      return "false_alarm";
    case verdict_kind::inconclusive:
      return "inconclusive";
  }
  return "unknown";
}

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

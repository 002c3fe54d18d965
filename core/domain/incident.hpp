// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/incident_verdict.hpp"
#include "domain/incident_words.hpp"

namespace vigie::domain {

/// Where an incident stands. The arrows are those of `incident_machine.hpp`.
enum class incident_state : std::uint8_t {
  raised = 1,             ///< signalled, not yet durable
  queued,                 ///< durable, waits for an operator
  claimed,                ///< one operator has it
  verifying,              ///< that operator looks (levée de doute)
  false_alarm,            ///< verdict: nothing there
  inconclusive,           ///< verdict: cannot be told
  monitored,              ///< inconclusive, and kept an eye on
  confirmed,              ///< verdict: it is so
  notification_proposed,  ///< a recipient was chosen
  notification_approved,  ///< the operator lets it go out; the outbox has it
  notified,               ///< delivered to the recipient
  acknowledged,           ///< the recipient says it has it
  under_intervention,     ///< the force is on it
  escalated,              ///< a timer or the operator calls for help; waits for anybody on duty
  closed,                 ///< ended, with a report
  reopened,               ///< closed too early; waits for an operator again
};
std::string_view name_of(incident_state s) noexcept;
std::optional<incident_state> incident_state_from(std::string_view name) noexcept;

/// Who or what raised it.
enum class incident_origin : std::uint8_t {
  camera_health = 1,  ///< Vigie's own conclusion about cameras
  vendor_event,       ///< a camera's or recorder's event, through a protocol plugin
  analytics,          ///< an analytics plugin's signal (LEG-52: it signals, no more)
  alarm_panel,        ///< an intrusion or fire panel
  operator_seen,      ///< an operator saw it: reported by the centre
  force_request,      ///< a force asked: requested by the force
};
std::string_view name_of(incident_origin o) noexcept;
std::optional<incident_origin> incident_origin_from(std::string_view name) noexcept;

/// One raise: somebody or something says that something happens. Holds nothing about persons, and
/// nothing that could be taken for a verdict.
struct alarm_signal {
  incident_origin origin = incident_origin::vendor_event;
  incident_kind kind = incident_kind::other;
  commune_id commune;
  site_id site;
  /// Who signals, as the channel authenticated it: a camera's, panel's or person's id.
  std::string source;
  /// Raises this one stands for: what a storm said again before anybody could listen.
  std::uint64_t times = 1;
};

/// One incident's memory. A plain value of bounded size, however often it is signalled; what was
/// said in detail is in the effects of its steps, for the logbook.
struct incident {
  incident_id id;
  commune_id commune;
  site_id site;
  incident_kind kind = incident_kind::other;
  incident_origin origin = incident_origin::vendor_event;  ///< of the first signal
  std::string source;                                      ///< of the first signal

  incident_state state = incident_state::raised;
  std::string owner;  ///< empty: nobody's
  /// Moves with every accepted act and every change of state. An act names the revision it answers
  /// to, so that no message is ever accepted twice.
  std::uint64_t revision = 1;

  utc_us raised_utc_us = 0;
  mono_ns raised_mono_ns = 0;
  mono_ns entered_mono_ns = 0;  ///< when the present state's timer began
  std::uint64_t signals = 1;    ///< raises joined in this incident
  std::uint32_t notes = 0;
  std::uint32_t escalations = 0;
  std::uint32_t reopenings = 0;
  std::uint32_t notifications = 0;  ///< approved so far; numbers their ids

  std::optional<human_verdict> verdict;  ///< the standing one
  std::optional<recipient_kind> proposed;
  std::string notification;  ///< id of the one on its way or delivered
  /// Escalated with a notification out: where the next owner goes on.
  std::optional<incident_state> resumes_as;
};

/// Open and somebody's. [thread-safe]
bool is_owned_state(incident_state s) noexcept;
/// Open and nobody's: raised, queued, escalated or reopened. [thread-safe]
bool is_waiting_state(incident_state s) noexcept;
/// Whether the parts of `i` fit its state: an owner exactly where one belongs, a verdict that says
/// what the state says, a notification only behind a confirmation. [thread-safe]
bool is_consistent(const incident& i) noexcept;

}  // namespace vigie::domain

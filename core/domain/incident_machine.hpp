// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "domain/camera_health_machine.hpp"
#include "domain/duty.hpp"
#include "domain/incident.hpp"
#include "domain/incident_refusal.hpp"

// The life of one incident as a pure machine:
//
//   raised > queued > claimed > verifying --+--> false_alarm --> closed
//                                           +--> inconclusive --> (monitored | escalated) -->
//                                           closed
//                                           +--> confirmed > notification_proposed
//             > notification_approved > notified > acknowledged > under_intervention > closed
//   any open state > escalated (timer) ;  closed > reopened (reason)
//
// - escalated and reopened wait like queued: whoever is on duty claims them. Before a notification
//   is out, the next owner starts from `claimed` and looks for himself; a verdict is never
//   inherited. Once one is out, the next owner goes on where it stands.
// - release puts a claimed or verifying incident back into the queue; transfer hands it to another
//   person on duty.
// - a recipient may be reached by voice, with or without a plugin's script: the owner's record of
//   the call acknowledges the notification.
// - a plugin can raise and add signals. Every other input of a plugin is refused (LEG-52).
namespace vigie::domain {

/// How long each stage may take before the incident escalates; again and again while escalated.
struct incident_rules {
  std::chrono::seconds store_patience{5};  ///< raised, not durable
  std::chrono::seconds claim_patience{60};
  std::chrono::seconds verdict_patience{180};        ///< claimed or verifying
  std::chrono::seconds decision_patience{120};       ///< after a verdict, before the next act
  std::chrono::seconds delivery_patience{30};        ///< approved, not delivered
  std::chrono::seconds acknowledge_patience{60};     ///< delivered, not acknowledged
  std::chrono::seconds monitor_patience{900};        ///< monitored
  std::chrono::seconds intervention_patience{7200};  ///< acknowledged or under intervention
  std::chrono::seconds message_patience{60};         ///< an act's age; older ones are refused
};

inline constexpr std::size_t longest_incident_text_bytes = 2000;

enum class sender_kind : std::uint8_t {
  person = 1,  ///< a client the bus authenticated under a name
  plugin,
  centre,  ///< store, outbox and clock of the centre itself
};

/// Where an input came from, as the channel proves it; nothing the message says about itself.
struct sender {
  sender_kind kind = sender_kind::plugin;
  std::string name;
};

// What persons do. Texts are for the logbook; they are bounded and, where the law or practice wants
// a reason, not blank.
struct claim {};
struct release {};
struct transfer {
  std::string to;
};
struct start_verification {};
struct record_verdict {
  verdict_kind verdict = verdict_kind::inconclusive;
  std::string reason;  ///< what was seen
};
struct monitor {};
struct escalate {
  std::string reason;
};
struct propose_notification {
  recipient_kind to = recipient_kind::gendarmerie_corg;
};
struct approve_notification {};
/// The owner reached the recipient by voice: who answered, and what was said.
struct record_call {
  std::string answer;
};
struct start_intervention {};
struct close {
  std::string report;  ///< the information report every trigger gets
};
struct reopen {
  std::string reason;
};
struct add_note {
  std::string text;
};

using incident_act = std::variant<claim, release, transfer, start_verification, record_verdict,
                                  monitor, escalate, propose_notification, approve_notification,
                                  record_call, start_intervention, close, reopen, add_note>;

/// An act as a person's message carries it.
struct signed_act {
  incident_id incident;
  std::string author;          ///< must be the sender's name
  commune_id authority;        ///< under whose authority (LEG-03)
  std::uint64_t revision = 0;  ///< of the incident as the author saw it
  utc_us sent_utc_us = 0;
  incident_act act;
};

// What the centre itself tells an incident.
struct incident_tick {};
struct incident_stored {};  ///< durable; may be shown
struct notification_delivered {
  std::string id;
};
struct notification_acknowledged {
  std::string id;
};

using incident_body = std::variant<incident_tick, incident_stored, notification_delivered,
                                   notification_acknowledged, alarm_signal, signed_act>;
struct incident_input {
  sender from;
  incident_body body;
};

/// What is known around the incident at the moment of a step; all of it borrowed.
struct incident_setting {
  duty_roster people;
  /// Recipients that routing opens for this incident; none by default (LEG-05).
  std::span<const recipient_kind> open_recipients;
  incident_rules rules;
};

/// Publish and journal: the incident stands elsewhere now, or is somebody else's.
struct incident_moved {
  incident_state from = incident_state::raised;
  incident_state to = incident_state::raised;
  std::string author;  ///< empty: the centre itself
  std::string text;    ///< reason, report or note, for the logbook
};
struct note_added {
  std::string author;
  std::string text;
};
/// Tell whoever can help: nobody moved in time, or the owner asks.
struct help_wanted {
  incident_state stuck_in = incident_state::raised;
  std::uint32_t times = 1;
};
/// Hand to the outbox. The value is the proof of the verdict behind it.
struct notify {
  approved_notification what;
};

using incident_effect = std::variant<incident_moved, note_added, help_wanted, notify>;

struct incident_step {
  incident next;
  std::vector<incident_effect> effects;
};

/// Why `from` may not give this signal; empty: it may. A plugin speaks for devices, panels and
/// analyses only; what an operator saw or a force asks comes from a person on duty, what the centre
/// measured from the centre. [thread-safe]
std::optional<refusal_kind> signal_obstacle(const sender& from, const alarm_signal& signal,
                                            const incident_setting& setting, instant now) noexcept;

/// A new incident from its first signal, in `raised`; or why not. [thread-safe]
tl::expected<incident, refusal_kind> raise(incident_id id, const sender& from,
                                           const alarm_signal& first,
                                           const incident_setting& setting, instant now);

/// One step, or why not; when refused nothing changed. `state` must come from `raise` and earlier
/// steps. [thread-safe]
tl::expected<incident_step, refusal_kind> step(const incident& state, const incident_input& input,
                                               const incident_setting& setting, instant now);

/// When the next incident_tick is due; empty when closed. [thread-safe]
std::optional<mono_ns> next_deadline(const incident& state, const incident_rules& rules) noexcept;

}  // namespace vigie::domain

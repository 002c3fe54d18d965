// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bus/people_messages.hpp"

/// As message_fields.hpp, which includes this, for the bodies about people. Private to this module.
namespace vigie::bus {

template <class Io, either<people_me_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
}

template <class Io, either<people_duty_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.flag("on_duty", m.is_on_duty);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<people_list_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
}

template <class Io, either<people_suspend_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("name", m.name, max_correlation_bytes);
  io.flag("suspended", m.is_suspended);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<proposals_list_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
}

template <class Io, either<proposals_open_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.word("change", m.change);
  io.line("subject", m.subject, max_correlation_bytes);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<proposals_decide_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.count("number", m.number);
  io.word("decision", m.decision);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<sessions_list_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
}

template <class Io, either<sessions_end_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("session", m.session, max_correlation_bytes);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<approval_entry> M>
void fields(Io& io, M& m) {
  io.line("department", m.department, max_correlation_bytes);
  io.time("valid_from", m.valid_from);
  io.time("valid_until", m.valid_until);
  io.flag("suspended", m.is_suspended);
}

template <class Io, either<person_entry> M>
void fields(Io& io, M& m) {
  io.line("name", m.name, max_correlation_bytes);
  io.text("full_name", m.full_name);
  io.word("role", m.role);
  io.flag("on_duty", m.is_on_duty);
  io.flag("suspended", m.is_suspended);
  io.flag("live", m.has_live_right);
  io.flag("replay", m.has_replay_right);
  io.ids("communes", m.communes);
  io.list("approvals", m.approvals);
}

template <class Io, either<me_reply> M>
void fields(Io& io, M& m) {
  io.envelope("me");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.object("person", m.person);
  io.words("acts", m.acts);
  io.lines("subjects", m.subjects);
}

template <class Io, either<people_reply> M>
void fields(Io& io, M& m) {
  io.envelope("people");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.list("people", m.people);
}

template <class Io, either<proposal_entry> M>
void fields(Io& io, M& m) {
  io.count("number", m.number);
  io.word("change", m.change);
  io.line("subject", m.subject, max_correlation_bytes);
  io.line("author", m.author, max_correlation_bytes);
  io.text("reason", m.reason);
  io.time("proposed_at", m.proposed_at);
  io.time("expires_at", m.expires_at);
  io.word("state", m.state);
  io.text_or_null("decided_by", m.decided_by);
  io.time_or_null("decided_at", m.decided_at);
}

template <class Io, either<proposals_reply> M>
void fields(Io& io, M& m) {
  io.envelope("proposals");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.list("proposals", m.proposals);
}

template <class Io, either<session_entry> M>
void fields(Io& io, M& m) {
  io.line("session", m.session, max_correlation_bytes);
  io.line("user", m.user, max_correlation_bytes);
  io.word("kind", m.kind);
  io.id("authority", m.authority);
  io.word("purpose", m.purpose);
  io.text("reason", m.reason);
  io.ids("cameras", m.cameras);
  io.time("since", m.since);
}

template <class Io, either<sessions_reply> M>
void fields(Io& io, M& m) {
  io.envelope("sessions");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.list("sessions", m.sessions);
}

}  // namespace vigie::bus

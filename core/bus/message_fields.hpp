// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <type_traits>

#include "bus/codec.hpp"
#include "bus/messages.hpp"

/// What each body looks like in JSON, said once for writing and reading: `Io` is the writer (M
/// const) or the reader of codec.cpp. Private to this module.
namespace vigie::bus {

template <class M, class Message>
concept either = std::same_as<std::remove_const_t<M>, Message>;

inline constexpr std::size_t max_correlation_bytes = 128;
inline constexpr std::size_t max_line_bytes = 1024;

template <class Io, either<message_stamp> M>
void fields(Io& io, M& m) {
  io.line("epoch", m.epoch, max_correlation_bytes);
  io.count("seq", m.seq);
  io.time("at", m.at);
}

template <class Io, either<camera_status> M>
void fields(Io& io, M& m) {
  io.id("commune", m.path.commune);
  io.id("site", m.path.site);
  io.id("camera", m.path.camera);
  io.text("name", m.name);
  io.words("purposes", m.purposes);
  io.word("state", m.state);
  io.word("rung", m.rung);
  io.word("cause", m.cause);
  io.time("since", m.since);
  io.text("detail", m.detail);
  io.real("fps", m.fps);
  io.real("kbps", m.kbps);
  io.count("width", m.width);
  io.count("height", m.height);
  io.count("lost_packets", m.lost_packets);
  io.time_or_null("last_frame_at", m.last_frame_at);
  io.integer_or_null("clock_offset_ms", m.clock_offset_ms);
  io.counts_if_any("quirks", m.quirks);
  io.words_if_any("overridden", m.overridden);
}

template <class Io, either<site_status> M>
void fields(Io& io, M& m) {
  io.id("commune", m.commune);
  io.id("site", m.site);
  io.text("name", m.name);
  io.word("site_kind", m.kind);
  io.word("state", m.state);
  io.count("live", m.live);
  io.count("total", m.total);
  io.time("since", m.since);
  io.word("cause", m.cause);
}

template <class Io, either<commune_status> M>
void fields(Io& io, M& m) {
  io.id("commune", m.commune);
  io.text("name", m.name);
  io.count("live", m.live);
  io.count("degraded", m.degraded);
  io.count("down", m.down);
  io.count("starting", m.starting);
  io.count("total", m.total);
}

template <class Io, either<camera_state_message> M>
void fields(Io& io, M& m) {
  io.envelope("camera_state");
  fields(io, m.stamp);
  fields(io, m.status);
}

template <class Io, either<site_state_message> M>
void fields(Io& io, M& m) {
  io.envelope("site_state");
  fields(io, m.stamp);
  fields(io, m.status);
}

template <class Io, either<commune_state_message> M>
void fields(Io& io, M& m) {
  io.envelope("commune_state");
  fields(io, m.stamp);
  fields(io, m.status);
}

template <class Io, either<event_message> M>
void fields(Io& io, M& m) {
  io.envelope("event");
  io.line("id", m.id, max_correlation_bytes);
  fields(io, m.stamp);
  io.word("type", m.type);
  io.id_or_null("commune", m.commune);
  io.id_or_null("site", m.site);
  io.id_or_null("camera", m.camera);
  io.word("cause", m.cause);
  io.time("since", m.since);
  io.text("detail", m.detail);
  io.ids("cameras", m.cameras);
}

template <class Io, either<heartbeat_message> M>
void fields(Io& io, M& m) {
  io.envelope("heartbeat");
  io.line("node", m.node, max_correlation_bytes);
  fields(io, m.stamp);
  io.count("cameras", m.cameras);
  io.count("live", m.live);
  io.count("recording", m.recording);
  io.count("outbox", m.outbox);
  io.count("recorded_frames", m.recorded_frames);
  io.count("recorded_bytes", m.recorded_bytes);
  io.count("dropped_gops", m.dropped_gops);
  io.count("uptime_s", m.uptime_s);
  io.words_if_any("shed", m.shed);
  io.count("camera_memory_bytes", m.camera_memory_bytes);
  io.count("relieved", m.relieved);
}

template <class Io, either<snapshot_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.id_if_any("commune", m.commune);
}

template <class Io, either<events_recent_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.time_if_any("since", m.since);
  io.line_if_any("before", m.before, max_correlation_bytes);
  io.count_if_any("limit", m.limit);
}

/// What both ways of seeing images have to say.
template <class Io, class M>
void access_fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.id("camera", m.camera);
  io.id("authority", m.authority);
  io.word("purpose", m.purpose);
  io.possible_line("reason", m.reason, max_reason_bytes);
}

template <class Io, either<live_open_request> M>
void fields(Io& io, M& m) {
  access_fields(io, m);
  io.line_if_any("alarm", m.alarm, max_correlation_bytes);
}

template <class Io, either<replay_open_request> M>
void fields(Io& io, M& m) {
  access_fields(io, m);
  io.time("from", m.from);
  io.time("to", m.to);
}

template <class Io, either<centre_identity> M>
void fields(Io& io, M& m) {
  io.line("id", m.id, max_correlation_bytes);
  io.text("name", m.name);
  io.text("department", m.department);
}

template <class Io, either<site_snapshot> M>
void fields(Io& io, M& m) {
  fields(io, m.status);
  io.list("cameras", m.cameras);
}

template <class Io, either<commune_snapshot> M>
void fields(Io& io, M& m) {
  fields(io, m.status);
  io.list("sites", m.sites);
}

template <class Io, either<snapshot_reply> M>
void fields(Io& io, M& m) {
  io.envelope("snapshot");
  io.line("correlation", m.correlation, max_correlation_bytes);
  fields(io, m.stamp);
  io.object("centre", m.centre);
  io.flag("partial", m.partial);
  io.list("communes", m.communes);
}

template <class Io, either<events_reply> M>
void fields(Io& io, M& m) {
  io.envelope("events");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.list("events", m.events);
  io.flag("more", m.more);
}

template <class Io, either<live_grant> M>
void fields(Io& io, M& m) {
  io.envelope("live_grant");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.id("camera", m.camera);
  io.line("session", m.session, max_correlation_bytes);
  io.line("url", m.url, max_line_bytes);
  io.time("expires_at", m.expires_at);
}

template <class Io, either<replay_segment> M>
void fields(Io& io, M& m) {
  io.time("start", m.start);
  io.time("end", m.end);
  io.count("bytes", m.bytes);
  io.line("url", m.url, max_line_bytes);
}

template <class Io, either<replay_grant> M>
void fields(Io& io, M& m) {
  io.envelope("replay_grant");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.id("camera", m.camera);
  io.line("session", m.session, max_correlation_bytes);
  io.time("expires_at", m.expires_at);
  io.list("segments", m.segments);
}

template <class Io, either<plugins_list_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
}

template <class Io, either<exercise_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("plugin", m.plugin, max_correlation_bytes);
  io.line("recipient", m.recipient, max_correlation_bytes);
}

template <class Io, either<plugin_entry> M>
void fields(Io& io, M& m) {
  io.line("id", m.id, max_correlation_bytes);
  io.text("version", m.version);
  io.word("kind", m.kind);
  io.word("isolation", m.isolation);
  io.word("state", m.state);
  io.text("detail", m.detail);
  io.count("cameras", m.cameras);
  io.count("starts", m.starts);
  io.count("faults", m.faults);
  io.count("frames_offered", m.frames_offered);
  io.count("frames_dropped", m.frames_dropped);
  io.text("missing_protection", m.missing_protection);
}

template <class Io, either<plugins_reply> M>
void fields(Io& io, M& m) {
  io.envelope("plugins");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.list("plugins", m.plugins);
}

template <class Io, either<exercise_reply> M>
void fields(Io& io, M& m) {
  io.envelope("exercise");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("plugin", m.plugin, max_correlation_bytes);
  io.line("recipient", m.recipient, max_correlation_bytes);
  io.word("outcome", m.outcome);
  io.text("reference", m.reference);
  io.text("detail", m.detail);
}

template <class Io, either<plugins_why_request> M>
void fields(Io& io, M& m) {
  io.envelope();
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("plugin", m.plugin, max_correlation_bytes);
  io.id("camera", m.camera);
  io.time_if_any("at", m.at);
}

template <class Io, either<gate_condition_entry> M>
void fields(Io& io, M& m) {
  io.word("name", m.name);
  io.text("basis", m.basis);
  io.flag("holds", m.holds);
  io.line("rule", m.rule, max_correlation_bytes);
  io.text("en", m.en);
  io.text("fr", m.fr);
  io.text("who_en", m.who_en);
  io.text("who_fr", m.who_fr);
}

template <class Io, either<plugins_why_reply> M>
void fields(Io& io, M& m) {
  io.envelope("plugin_why");
  io.line("correlation", m.correlation, max_correlation_bytes);
  io.line("plugin", m.plugin, max_correlation_bytes);
  io.id("camera", m.camera);
  io.time("at", m.at);
  io.flag("open", m.open);
  io.time_or_null("open_until", m.open_until);
  io.text("basis", m.basis);
  io.list("conditions", m.conditions);
}

/// The inner object of an error reply.
template <class Io, class M>
struct refusal {
  M& m;
};
template <class Io, class M>
void fields(Io& io, refusal<Io, M>& r) {
  io.word("code", r.m.code);
  io.text_or_null("rule", r.m.rule);
  io.text("en", r.m.en);
  io.text("fr", r.m.fr);
  io.text_or_null("who", r.m.who);
}

template <class Io, either<error_reply> M>
void fields(Io& io, M& m) {
  io.envelope("error");
  io.text_or_null("correlation", m.correlation);
  refusal<Io, M> inner{m};
  io.object("error", inner);
}

}  // namespace vigie::bus

#include "bus/people_fields.hpp"  // needs what stands above

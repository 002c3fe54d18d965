// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "bus/people_messages.hpp"

/// The bodies of the bus as plain values; `codec.hpp` turns them into JSON and back. States, causes
/// and purposes are the stable names of the domain (`domain::name_of`).
namespace vigie::bus {

/// Orders everything one start of a node publishes.
struct message_stamp {
  std::string epoch;  ///< id of this start of the node
  /// Grows by one with every state and heartbeat of that start; an event, which reaches readers
  /// later, says how far the states were when it was born.
  std::uint64_t seq = 0;
  utc_us at = 0;
};

// -- state
// -----------------------------------------------------------------------------------------

struct camera_status {
  camera_path path;
  std::string name;
  std::vector<std::string> purposes;  ///< why it may film (LEG-10), in configuration order
  std::string state;                  ///< starting | live | degraded | down
  std::string rung;                   ///< highest proven rung of the health ladder
  std::string cause;
  utc_us since = 0;
  std::string detail;
  double fps = 0;
  double kbps = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint64_t lost_packets = 0;
  std::optional<utc_us> last_frame_at;
  std::optional<std::int64_t> clock_offset_ms;  ///< camera clock minus ours
  /// What the camera did that no standard asks for, by the names of docs/quirks.md; none is 0.
  std::vector<std::pair<std::string, std::uint64_t>> quirks;
  std::vector<std::string> overridden;  ///< policies that configs/quirks.toml set for it
};

struct site_status {
  commune_id commune;
  site_id site;
  std::string name;
  std::string kind;   ///< of place: "school", "crossroads" …; `site_kind` in JSON
  std::string state;  ///< live | degraded | outage
  std::uint32_t live = 0;
  std::uint32_t total = 0;
  utc_us since = 0;
  std::string cause;
};

struct commune_status {
  commune_id commune;
  std::string name;
  std::uint32_t live = 0;
  std::uint32_t degraded = 0;
  std::uint32_t down = 0;
  std::uint32_t starting = 0;
  std::uint32_t total = 0;
};

struct camera_state_message {
  message_stamp stamp;
  camera_status status;
};

struct site_state_message {
  message_stamp stamp;
  site_status status;
};

struct commune_state_message {
  message_stamp stamp;
  commune_status status;
};

// -- events and heartbeat
// --------------------------------------------------------------------------

/// A fact that happened once. Published at least once: `id` tells a repetition.
struct event_message {
  std::string id;  ///< unique for ever, stable over republication and restarts
  message_stamp stamp;
  std::string type;    ///< one of `event_type`
  commune_id commune;  ///< empty (null in JSON): the node itself
  site_id site;        ///< empty: the commune or the node
  camera_id camera;    ///< empty: the whole site
  std::string cause;
  utc_us since = 0;
  std::string detail;
  std::vector<camera_id> cameras;  ///< all cameras concerned
};

/// Once a second; its counters come from durable progress, so a node that hangs stops looking
/// alive.
struct heartbeat_message {
  std::string node;
  message_stamp stamp;
  std::uint32_t cameras = 0;
  std::uint32_t live = 0;
  std::uint32_t recording = 0;  ///< cameras whose frames reached the disk in the last seconds
  std::uint64_t outbox = 0;     ///< events not yet confirmed by the bus
  std::uint64_t recorded_frames = 0;
  std::uint64_t recorded_bytes = 0;
  std::uint64_t dropped_gops = 0;
  std::uint64_t uptime_s = 0;
  std::vector<std::string> shed;          ///< services given up by overload, in that order
  std::uint64_t camera_memory_bytes = 0;  ///< held between sockets and disk
  std::uint64_t relieved = 0;  ///< times a camera was over its memory budget, since the start
};

// -- requests
// --------------------------------------------------------------------------------------

struct snapshot_request {
  std::string correlation;
  commune_id commune{};  ///< empty: all of them
};

/// What happened lately, for a reader that was not there.
struct events_recent_request {
  std::string correlation;
  std::optional<utc_us> since{};         ///< events born before are left out
  std::optional<std::string> before{};   ///< id of an event: only what was born before it
  std::optional<std::uint32_t> limit{};  ///< 1 to `max_recent_events`
};

/// Someone asks to see a camera now. `reason` is kept in the access journal (LEG-33).
struct live_open_request {
  std::string correlation;
  camera_id camera;
  commune_id authority;  ///< viewing authority (LEG-03)
  std::string purpose;   ///< one of the camera's (LEG-10)
  std::string reason;
  std::optional<std::string> alarm{};  ///< an open alarm, for the exception outside the window
};

/// Someone asks to see what a camera recorded in [from, to).
struct replay_open_request {
  std::string correlation;
  camera_id camera;
  commune_id authority;
  std::string purpose;
  std::string reason;
  utc_us from = 0;
  utc_us to = 0;
};

/// Which plugins the node runs, and how they are.
struct plugins_list_request {
  std::string correlation;
};

/// Tries the whole path of a notifier to one recipient, with a notification that says of itself
/// that it is an exercise.
struct exercise_request {
  std::string correlation;
  std::string plugin;     ///< "fr.vigie.webhook"
  std::string recipient;  ///< its id in the plugin's configuration
};

/// What keeps, or would keep, an analysis from looking at a camera (M17).
struct plugins_why_request {
  std::string correlation;
  std::string plugin;
  camera_id camera;
  std::optional<utc_us> at{};  ///< none: now
};

using request =
    std::variant<snapshot_request, events_recent_request, live_open_request, replay_open_request,
                 plugins_list_request, exercise_request, plugins_why_request, people_me_request,
                 people_duty_request, people_list_request, people_suspend_request,
                 proposals_list_request, proposals_open_request, proposals_decide_request,
                 sessions_list_request, sessions_end_request>;

// -- replies
// ---------------------------------------------------------------------------------------

struct centre_identity {
  std::string id;
  std::string name;
  std::string department;
};

struct site_snapshot {
  site_status status;
  std::vector<camera_status> cameras;
};

struct commune_snapshot {
  commune_status status;
  std::vector<site_snapshot> sites;
};

/// Everything a reader that joins or missed something needs. `stamp.seq` is the last number the
/// content includes.
struct snapshot_reply {
  std::string correlation;
  message_stamp stamp;
  centre_identity centre;
  bool partial = false;  ///< too large for one message: `sites` are left out, ask by commune
  std::vector<commune_snapshot> communes;
};

struct events_reply {
  std::string correlation;
  std::vector<event_message> events;  ///< the last born first
  bool more = false;  ///< older ones are there: ask again with `before` = id of the last one
};

struct live_grant {
  std::string correlation;
  camera_id camera;
  std::string session;  ///< the viewing session these images belong to
  std::string url;      ///< ws://host:port/live/<token>
  utc_us expires_at = 0;
};

struct replay_segment {
  utc_us start = 0;
  utc_us end = 0;
  std::uint64_t bytes = 0;
  std::string url;  ///< http://host:port/clip/<token>/<segment>.mp4
};

struct replay_grant {
  std::string correlation;
  camera_id camera;
  std::string session;
  utc_us expires_at = 0;
  std::vector<replay_segment> segments;
};

struct plugin_entry {
  std::string id;
  std::string version;
  std::string kind;       ///< protocol | analytics | notifier
  std::string isolation;  ///< child | in_process
  std::string state;      ///< starting | running | waiting | quarantined | refused | stopped
  std::string detail;     ///< why, empty when all is well
  std::uint64_t cameras = 0;
  std::uint64_t starts = 0;
  std::uint64_t faults = 0;
  std::uint64_t frames_offered = 0;
  std::uint64_t frames_dropped = 0;
  std::string missing_protection;  ///< sandbox layers the kernel did not grant; empty: none
};

struct plugins_reply {
  std::string correlation;
  std::vector<plugin_entry> plugins;
};

/// How an exercise went. A path that works ends in delivered, acknowledged or needs_human (a person
/// is to read a script aloud).
struct exercise_reply {
  std::string correlation;
  std::string plugin;
  std::string recipient;
  std::string outcome;    ///< delivered | acknowledged | needs_human | failed | no_report
  std::string reference;  ///< the recipient's own, when it gave one
  std::string detail;
};

/// One thing the law wants before an analysis may look.
struct gate_condition_entry {
  std::string name;   ///< stable: "event", "controller", …
  std::string basis;  ///< id of the legal basis it is about; empty: none
  bool holds = false;
  std::string rule;  ///< "LEG-50"
  std::string en;    ///< what was found
  std::string fr;
  std::string who_en;  ///< who can change it; empty where it holds
  std::string who_fr;
};

/// The purpose gate's answer about one analysis, camera and instant; the gate itself goes by it.
struct plugins_why_reply {
  std::string correlation;
  std::string plugin;
  camera_id camera;
  utc_us at = 0;
  bool open = false;
  std::optional<utc_us> open_until;  ///< null: shut, or no date ends it
  std::string basis;                 ///< that opens it; empty: none does, or none is needed
  std::vector<gate_condition_entry> conditions;
};

/// Why a request was not granted, and who can change that.
struct error_reply {
  std::optional<std::string> correlation;  ///< null when the request had none that could be read
  std::string code;                        ///< `name_of(errc)`
  std::optional<std::string> rule;         ///< "LEG-33"
  std::string en;
  std::string fr;
  std::optional<std::string> who;  ///< who can lift the refusal
};

}  // namespace vigie::bus

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

/// Every subject Vigie publishes or listens on. docs/asyncapi.yaml describes what travels on each.
namespace vigie::bus::subject {

/// Stands in an address where nothing more precise applies: "the whole site", "no commune".
inline constexpr std::string_view none = "_";

inline constexpr std::string_view all_states = "vigie.v1.state.>";
inline constexpr std::string_view all_events = "vigie.v1.event.>";
inline constexpr std::string_view all_nodes = "vigie.v1.node.>";
inline constexpr std::string_view all_requests = "vigie.v1.request.>";

/// vigie.v1.state.<commune>.<site>.<camera>. [thread-safe]
std::string camera_state(const camera_path& path);
/// vigie.v1.state.<commune>.<site>._
std::string site_state(const commune_id& commune, const site_id& site);
/// vigie.v1.state.<commune>._._
std::string commune_state(const commune_id& commune);
/// vigie.v1.event.<commune>.<site>.<camera>.<type>; empty ids become "_".
std::string event(const commune_id& commune, const site_id& site, const camera_id& camera,
                  std::string_view type);
/// vigie.v1.node.<node>.heartbeat
std::string heartbeat(std::string_view node);
/// vigie.v1.request.<user>.<service>.<verb>
std::string request(std::string_view user, std::string_view service, std::string_view verb);

/// True when `text` can be published to: tokens of [A-Za-z0-9_-] joined by dots, no wildcard, at
/// most 255 characters.
bool is_publishable(std::string_view text) noexcept;

/// Whether `name` falls under `pattern` by NATS' rules (`*` one token, a final `>` one or more).
bool matches(std::string_view pattern, std::string_view name) noexcept;

}  // namespace vigie::bus::subject

namespace vigie::bus {

/// Who asks what, read from the subject. The server lets a user publish under its own name only, so
/// `user` is the authenticated identity, not a claim.
struct request_address {
  std::string user;
  std::string service;
  std::string verb;
  friend bool operator==(const request_address&, const request_address&) = default;
};

/// The user of a subject under vigie.v1.request., whatever follows; empty: it is none. Valid as
/// long as `name`. [thread-safe]
std::string_view asker_in(std::string_view name) noexcept;

/// Reads vigie.v1.request.<user>.<service>.<verb>, every token an id (`is_id_text`).
/// Errors: bus_malformed. [thread-safe]
result<request_address> parse_request_subject(std::string_view name);

/// The types of `event_message`.
namespace event_type {
inline constexpr std::string_view camera_down = "camera_down";
inline constexpr std::string_view camera_degraded = "camera_degraded";
inline constexpr std::string_view camera_restored = "camera_restored";
inline constexpr std::string_view site_outage = "site_outage";
inline constexpr std::string_view site_restored = "site_restored";
inline constexpr std::string_view node_started = "node_started";
inline constexpr std::string_view plugin_fault = "plugin_fault";
inline constexpr std::string_view device_event = "device_event";  ///< a camera's own, by a plugin
inline constexpr std::string_view detection = "detection";        ///< of an analytics plugin
/// An analysis of security events begins or ceases to look at a camera, or is refused (M17).
inline constexpr std::string_view analysis_began = "analysis_began";
inline constexpr std::string_view analysis_ended = "analysis_ended";
inline constexpr std::string_view analysis_refused = "analysis_refused";
}  // namespace event_type

}  // namespace vigie::bus

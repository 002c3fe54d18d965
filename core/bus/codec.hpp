// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "bus/messages.hpp"
#include "bus/subjects.hpp"

namespace vigie::bus {

/// Bounds of what is accepted from the bus. Snapshots and pages of events are the only bodies that
/// may exceed `max_body_bytes`.
inline constexpr std::size_t max_body_bytes = 256 * 1024;
inline constexpr std::size_t max_collection_bytes = 8 * 1024 * 1024;
/// What we put into one reply: below `max_message_bytes`, with room for the subject and headers.
inline constexpr std::size_t max_reply_bytes = 900'000;
inline constexpr std::size_t max_body_depth = 32;
inline constexpr std::size_t max_reason_bytes = 1000;
inline constexpr std::uint32_t max_recent_events = 500;

/// One line of JSON. Bytes that are not UTF-8 (a camera's own words in a detail) are replaced.
/// [thread-safe]
std::string encode(const camera_state_message& m);
std::string encode(const site_state_message& m);
std::string encode(const commune_state_message& m);
std::string encode(const event_message& m);
std::string encode(const heartbeat_message& m);
std::string encode(const snapshot_request& m);
std::string encode(const events_recent_request& m);
std::string encode(const live_open_request& m);
std::string encode(const replay_open_request& m);
std::string encode(const snapshot_reply& m);
std::string encode(const events_reply& m);
std::string encode(const live_grant& m);
std::string encode(const replay_grant& m);
std::string encode(const plugins_list_request& m);
std::string encode(const exercise_request& m);
std::string encode(const plugins_reply& m);
std::string encode(const exercise_reply& m);
std::string encode(const plugins_why_request& m);
std::string encode(const plugins_why_reply& m);
std::string encode(const people_me_request& m);
std::string encode(const people_duty_request& m);
std::string encode(const people_list_request& m);
std::string encode(const people_suspend_request& m);
std::string encode(const proposals_list_request& m);
std::string encode(const proposals_open_request& m);
std::string encode(const proposals_decide_request& m);
std::string encode(const sessions_list_request& m);
std::string encode(const sessions_end_request& m);
std::string encode(const me_reply& m);
std::string encode(const people_reply& m);
std::string encode(const proposals_reply& m);
std::string encode(const sessions_reply& m);
std::string encode(const error_reply& m);

/// As `encode`, but a snapshot above `max_reply_bytes` is told as `partial`: without any site.
/// [thread-safe]
std::string encode_fitting(snapshot_reply m);

/// Reads a body of type T, one of the types above. Unknown members are ignored, so that a newer
/// writer can be read; everything else is checked: bounds, presence, type, ids, times, version,
/// kind. Errors: bus_malformed, the detail being "path: reason". [thread-safe]
template <class T>
result<T> decode(std::string_view body);

/// Reads the body of a request by its address. Errors: bus_unknown (no such service or verb),
/// bus_malformed. [thread-safe]
result<request> decode_request(const request_address& address, std::string_view body);

/// The correlation of a request that may be otherwise malformed, for the error reply. [thread-safe]
std::optional<std::string> correlation_of(std::string_view body);

/// The reply to a failed request. A rule "LEG-nn" that opens `e.detail` ("LEG-33: …") is carried in
/// `rule`. [thread-safe]
error_reply to_error_reply(std::optional<std::string> correlation, const error& e);

}  // namespace vigie::bus

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "rtsp/datagrams.hpp"
#include "rtsp/quirk_book.hpp"
#include "rtsp/quirk_policies.hpp"
#include "rtsp/sdp.hpp"
#include "rtsp/stale_sessions.hpp"
#include "rtsp/url.hpp"

namespace vigie::rtsp {

/// What a session learned about a camera that its next session should know. The shell keeps it.
struct session_memory {
  /// Keep-alive methods this camera objected to: 0 none, up to 3 (camera-quirk 42).
  std::uint8_t keepalive_demotions = 0;
  /// The transport of the policy did not work, the other one is used (camera-quirks 7 and 100).
  bool uses_other_transport = false;
  /// A session that a server of the kind that needs it was not seen to forget; torn down before
  /// anything else (camera-quirk 37).
  std::optional<stale_session> stale;
};

struct session_options {
  url target;
  std::string username;  ///< empty: anonymous
  secret password;
  std::string user_agent = "Vigie/0.1";  ///< always sent (camera-quirk 14)
  std::chrono::milliseconds response_timeout{4000};
  std::chrono::milliseconds handshake_timeout{15'000};  ///< to playing: five slow replies
  std::chrono::milliseconds teardown_budget{1000};
  quirk_policies policies;  ///< before `quirks`
  /// Overrides, applied as the camera tells who it is; null: none.
  std::shared_ptr<const quirk_book> quirks;
  std::string camera;  ///< id and vendor, for `quirks`
  std::string vendor;
  session_memory memory;
};

/// What the session wants done or known. Called only from inside an input of `client_session`, on
/// the caller's thread. Views are valid during the call. An implementation must neither destroy the
/// session nor call an input from inside. [ingest]
class session_events {
 public:
  virtual ~session_events() = default;
  /// Bytes for the socket, in order.
  virtual void on_send(byte_view bytes) = 0;
  /// Media is to come by UDP: opens a pair of ports and tells them, nothing when that is
  /// impossible.
  virtual std::optional<datagram_ports> on_open_datagrams() { return std::nullopt; }
  /// The camera named its ports; what `on_send_datagram` gives goes there.
  virtual void on_aim(datagram_ports) {}
  virtual void on_send_datagram(datagram_channel, byte_view) {}
  /// SETUP succeeded: RTP of this track may follow, even before `on_playing` (camera-quirk 3).
  virtual void on_track(const video_track& track) = 0;
  /// One RTP packet of the track (header and payload, 12 to 65,535 bytes), not copied.
  virtual void on_rtp(byte_view packet) = 0;
  /// One RTCP compound of the track.
  virtual void on_rtcp(byte_view packet) = 0;
  /// The camera accepted our name and password, or asked for none.
  virtual void on_authenticated() = 0;
  /// PLAY was accepted.
  virtual void on_playing(const video_track& track) = 0;
  /// Close the socket, dial `target` (also `client_session::target()`) and call `on_connected`.
  virtual void on_redirect(const url& target) = 0;
  /// The session is over: flush what was sent, close the socket. Null when we ended it by
  /// `begin_teardown`. Nothing is emitted afterwards. The detail never carries a secret.
  virtual void on_closed(const std::optional<error>& reason) = 0;
};

enum class session_state : std::uint8_t {
  idle = 1,  ///< not connected (before `on_connected`, or between two hops of a redirect)
  negotiating,
  playing,
  tearing_down,
  closed,
};

/// One RTSP 1.0 session as a client (RFC 2326), media interleaved or by UDP, video only (LEG-21),
/// without socket, thread or clock: OPTIONS, DESCRIBE, SETUP, PLAY, keep-alive, TEARDOWN.
///
/// The shell dials `target()`, then feeds what happens and does what `session_events` says. One
/// owner. Memory is bounded whatever the peer sends (64 headers, 256 KiB of body, 64 KiB of frame).
/// [ingest]
class client_session {
 public:
  /// `events` and `random` (jitter, cnonce) are borrowed and outlive the session.
  client_session(session_options options, session_events& events, random_source& random);
  ~client_session();
  client_session(const client_session&) = delete;
  client_session& operator=(const client_session&) = delete;

  /// The TCP connection to `target()` stands: starts the dialogue.
  void on_connected(mono_ns now);
  /// Bytes as read from the socket, any split. Complete frames inside `bytes` are handed on without
  /// a copy; only a torn last one is kept.
  void on_bytes(byte_view bytes, mono_ns now);
  /// One datagram on the ports of `on_open_datagrams`. Those of strangers are dropped and counted.
  void on_datagram(const datagram& one);
  /// Time passed; call at `next_deadline()` or later, earlier calls do nothing.
  void on_tick(mono_ns now);
  /// The peer ended the connection. Only learns from it; the shell knows the reason.
  void on_disconnected(mono_ns now);
  /// Ends the session in order: TEARDOWN when something was set up, then `on_closed(null)` at the
  /// reply or after the teardown budget. Safe in every state.
  void begin_teardown(mono_ns now);
  /// Sends an RTCP compound (receiver report) on the track's RTCP channel, interleaved or by UDP.
  /// Does nothing before SETUP or after the end.
  void send_rtcp(byte_view compound);

  /// When `on_tick` is due; null when nothing is pending.
  std::optional<mono_ns> next_deadline() const noexcept;
  session_state state() const noexcept;
  const url& target() const noexcept;
  const session_memory& memory() const noexcept;
  const quirk_counters& counters() const noexcept;
  /// Those in force, and the names of those that `session_options::quirks` set.
  const quirk_policies& policies() const noexcept;
  const std::vector<std::string_view>& overridden() const noexcept;
  bool uses_udp() const noexcept;
  /// Bytes held back of a message or packet that is not complete yet; a drip shows here.
  std::size_t buffered_bytes() const noexcept;
  /// `Server` header of the last reply that had one, and SDP `tool`: matching keys for quirks.
  const std::string& server_name() const noexcept;
  const std::string& tool() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::rtsp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie {

/// Every failure Vigie can name. Numbers are grouped by hundreds, stable and never reused: they
/// appear on the bus and in journals. `class_of` says what supervision does about each.
enum class errc : std::uint16_t {
  // io: a socket, a pipe or a peer
  io_refused = 100,      ///< the peer's host answered "nothing listens here"
  io_unreachable = 101,  ///< no route, host down, name unknown
  io_timeout = 102,      ///< no answer within the deadline
  io_reset = 103,        ///< the peer cut the connection abruptly (RST)
  io_closed = 104,       ///< the peer ended the connection in order (FIN)
  io_failed = 105,       ///< any other socket failure
  io_tls = 106,          ///< the TLS handshake failed
  tls_untrusted = 107,   ///< the peer's certificate is not one we may trust

  // rtsp: session level
  rtsp_malformed = 200,       ///< a message that cannot be parsed
  rtsp_too_large = 201,       ///< header, body or count beyond our bounds
  rtsp_framing = 202,         ///< interleaved framing lost and not found again within bounds
  rtsp_status = 203,          ///< the server answered with a failure status
  rtsp_timeout = 204,         ///< a request was not answered in time
  rtsp_redirect_limit = 205,  ///< too many or forbidden redirects
  rtsp_transport = 206,       ///< no transport both sides can do
  rtsp_not_found = 207,       ///< 404: the configured path does not exist on the camera

  // sdp
  sdp_malformed = 300,  ///< no usable media description
  sdp_no_video = 301,   ///< no video track at all
  sdp_codec = 302,      ///< video in a codec Vigie does not record

  // auth
  auth_rejected = 400,     ///< the camera refuses our name or password
  auth_unsupported = 401,  ///< only a scheme our policy forbids (Basic in clear) is offered

  // rtp and codec: damage inside a stream that stays usable
  rtp_malformed = 500,
  rtp_lost = 501,
  codec_malformed = 510,
  codec_too_large = 511,  ///< an access unit beyond 4 MiB or 1,024 NAL units

  // stall: the session is there, the frames are not (design §6: progress, not sockets)
  stall_silence = 600,    ///< not a byte
  stall_rtcp_only = 601,  ///< control packets go on, video does not
  stall_drip = 602,       ///< bytes trickle, no frame completes

  // storage
  disk_full = 700,
  disk_failed = 701,
  db_failed = 710,
  db_corrupt = 711,
  not_found = 720,

  // bus
  bus_down = 800,
  bus_malformed = 801,  ///< a request that is not valid JSON of a known schema
  bus_unknown = 802,    ///< a request for a service that does not exist

  // config
  config_invalid = 900,

  // plugins and children
  child_failed = 1000,
  child_timeout = 1001,

  // access and law; the refusing rule is in the error's detail
  access_denied = 1100,
  token_invalid = 1101,
  reason_missing = 1102,  ///< LEG-33: no reason, no image

  internal = 1900,  ///< a bug of ours
};

/// What supervision does with a failure.
enum class error_class : std::uint8_t {
  anomaly = 1,              ///< counted, logged at a bounded rate; the stream goes on
  session_fatal = 2,        ///< end the session, reconnect with back-off
  configuration_fatal = 3,  ///< long back-off and an operator-visible state: a human must act
};

/// The class is a function of the code alone. [thread-safe]
error_class class_of(errc code) noexcept;

/// Stable snake_case name, for the bus, metrics and logs. [thread-safe]
std::string_view name_of(errc code) noexcept;

/// A failure with what a reader of the log needs to act. Never carries a secret.
struct error {
  errc code = errc::internal;
  std::string detail;
};

/// "rtsp_status: DESCRIBE answered 503". [thread-safe]
std::string to_string(const error& e);

}  // namespace vigie

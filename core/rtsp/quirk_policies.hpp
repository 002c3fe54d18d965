// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "rtp/policies.hpp"

namespace vigie::rtsp {

/// How a session is kept alive (camera-quirks 42 to 46).
enum class keepalive_policy : std::uint8_t {
  automatic = 1,  ///< GET_PARAMETER if advertised, else OPTIONS; demoted when the camera objects
  get_parameter,
  options,
  set_parameter,
  off,
};

/// What becomes of a Session id that changes between replies (camera-quirk 41).
enum class session_id_policy : std::uint8_t { keep_first = 1, take_last };

/// What happens when interleaved framing is lost (camera-quirk 2).
enum class resync_policy : std::uint8_t {
  bounded = 1,  ///< search at most 64 KiB or 10 candidates for the next frame or message
  refuse,       ///< end the session at once
};

/// How a track's control is joined to its base (camera-quirk 26).
enum class control_join_policy : std::uint8_t { append = 1, rfc3986 };

/// Where a redirect may lead (camera-quirk 29). Never from rtsps to rtsp.
enum class redirect_policy : std::uint8_t {
  same_host = 1,            ///< another port or path of the host we were told to call
  any_without_credentials,  ///< elsewhere too, but our password stays here
  refuse,
};

/// Which authentication schemes are answered on plain TCP (camera-quirk 31).
enum class auth_policy : std::uint8_t {
  digest_only = 1,
  allow_basic,  ///< the password then crosses the network readable by anybody
};

/// What Range PLAY carries (camera-quirk 18).
enum class range_header_policy : std::uint8_t { npt0 = 1, omit };

/// Whether a session is closed with TEARDOWN (camera-quirk 38).
enum class teardown_policy : std::uint8_t { always_once = 1, never };

/// How media is carried (camera-quirks 7, 79 and 100). UDP gives way to TCP when it stays silent or
/// is refused.
enum class transport_policy : std::uint8_t { tcp = 1, udp };

/// What becomes of frames on channels that were never set up (camera-quirk 4).
enum class unassigned_channel_policy : std::uint8_t {
  ignore = 1,
  close,  ///< end the session: they may be another session's
};

/// Whether a server is given time to forget a session that was not torn down (camera-quirk 37).
enum class stale_session_policy : std::uint8_t {
  automatic = 1,  ///< where its name says it needs it
  always,
  off,
};

/// Whether receiver reports are sent (camera-quirk 45).
enum class receiver_reports_policy : std::uint8_t { every_5s = 1, off };

/// From where datagrams are believed (camera-quirk 98).
enum class udp_source_policy : std::uint8_t {
  strict = 1,  ///< the camera's address and the ports it named
  same_host,   ///< any port of the camera's address
  any,         ///< anybody: whoever reaches our port can put pictures into the recording
};

/// Whether the certificate of an rtsps:// camera must be good.
enum class tls_verify_policy : std::uint8_t { on = 1, off };

/// Everything a camera may do wrong and we may answer differently, with the defaults for an unknown
/// camera. A value type: one per session.
struct quirk_policies {
  keepalive_policy keepalive = keepalive_policy::automatic;
  session_id_policy session_id = session_id_policy::keep_first;
  resync_policy resync = resync_policy::bounded;
  control_join_policy control_join = control_join_policy::append;
  bool trust_described_host = false;  ///< follow hosts named in controls and bases (quirk 27)
  redirect_policy redirects = redirect_policy::same_host;
  auth_policy auth = auth_policy::digest_only;
  range_header_policy range_header = range_header_policy::npt0;
  teardown_policy teardown = teardown_policy::always_once;
  transport_policy transport = transport_policy::tcp;
  unassigned_channel_policy unassigned_channel = unassigned_channel_policy::ignore;
  stale_session_policy stale_session_guard = stale_session_policy::automatic;
  receiver_reports_policy receiver_reports = receiver_reports_policy::every_5s;
  udp_source_policy udp_source = udp_source_policy::strict;
  tls_verify_policy tls_verify = tls_verify_policy::on;
  rtp::policies rtp;
  friend bool operator==(const quirk_policies&, const quirk_policies&) = default;
};

/// How often a session met each quirk. Plain counters, owned by the session. [ingest]
struct quirk_counters {
  std::uint64_t resyncs = 0;               ///< framing lost and found again (2)
  std::uint64_t skipped_bytes = 0;         ///< garbage passed over while searching (2)
  std::uint64_t frames_before_play = 0;    ///< RTP or RTCP before the PLAY reply (3)
  std::uint64_t unassigned_channels = 0;   ///< frames on channels never set up, ignored (4)
  std::uint64_t other_channels = 0;        ///< not the channels we asked for, or a single one (5)
  std::uint64_t avp_without_tcp = 0;       ///< interleaved, yet not named RTP/AVP/TCP (6)
  std::uint64_t short_frames = 0;          ///< too short for RTP or RTCP, dropped (8)
  std::uint64_t server_requests = 0;       ///< requests sent by the camera (9)
  std::uint64_t swapped_channels = 0;      ///< RTP on the RTCP channel or the reverse (10)
  std::uint64_t missing_cseqs = 0;         ///< replies without CSeq (12)
  std::uint64_t foreign_cseqs = 0;         ///< replies to nothing we asked (12)
  std::uint64_t options_refused = 0;       ///< first OPTIONS answered with a failure (15)
  std::uint64_t repaired_bases = 0;        ///< Content-Base without scheme or host (23, 24)
  std::uint64_t overridden_hosts = 0;      ///< described hosts not followed (27)
  std::uint64_t redirects = 0;             ///< redirects followed (29)
  std::uint64_t stale_nonces = 0;          ///< requests repeated with a fresh nonce (32)
  std::uint64_t stale_teardowns = 0;       ///< lost sessions torn down by the next connection (37)
  std::uint64_t zero_timeouts = 0;         ///< Session timeout of 0 taken as 60 s (40)
  std::uint64_t session_id_changes = 0;    ///< (41)
  std::uint64_t keepalive_demotions = 0;   ///< keep-alive methods given up (42)
  std::uint64_t rtp_info_lies = 0;         ///< RTP-Info named another first packet (63)
  std::uint64_t transport_fallbacks = 0;   ///< the other transport was needed (7)
  std::uint64_t missing_server_ports = 0;  ///< UDP set up without server_port (98)
  std::uint64_t foreign_datagrams = 0;  ///< from an address or port that is not the camera's (98)
  std::uint64_t udp_silences = 0;       ///< UDP given up after silence (100)
  std::uint64_t ignored_media = 0;      ///< media sections we cannot use (53, 54)
};

}  // namespace vigie::rtsp

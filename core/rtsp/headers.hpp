// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtsp/datagrams.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

/// `Transport` of a SETUP reply (RFC 2326 §12.39), the parts that matter over TCP.
struct transport_header {
  std::uint8_t rtp_channel = 0;
  std::uint8_t rtcp_channel = 1;
  std::optional<std::uint32_t> ssrc;
};

/// The presence of `interleaved=` decides, whatever the profile is called (camera-quirk 6); a
/// single number n means n and n+1 (5); `ssrc=` is read leniently (62). Null when the reply is not
/// interleaved or both channels are the same. [ingest]
std::optional<transport_header> parse_transport(std::string_view value, quirk_counters& counters);

/// `server_port=` of a SETUP reply over UDP; a missing RTCP port is the one after RTP's. 0 for what
/// is missing or no port (camera-quirk 98). [ingest]
datagram_ports parse_server_ports(std::string_view value) noexcept;

/// `Session` (RFC 2326 §12.37).
struct session_header {
  std::string id;
  std::chrono::seconds timeout{60};  ///< 60 when absent or 0 (camera-quirk 40)
};
/// Null without an id or with one beyond 256 characters. [ingest]
std::optional<session_header> parse_session(std::string_view value, quirk_counters& counters);

/// Methods of a `Public` header (RFC 2326 §12.28) that keep-alives may use.
struct public_methods {
  bool get_parameter = false;
  bool set_parameter = false;
};
public_methods parse_public(std::string_view value) noexcept;

/// One stream of `RTP-Info` (RFC 2326 §12.33). Cameras lie here (camera-quirk 63): hints only.
struct rtp_info_stream {
  std::string url;
  std::optional<std::uint16_t> first_sequence;
  std::optional<std::uint32_t> rtp_ts;
};
/// Whatever can be read; numbers out of range are left out. At most 16 streams. [ingest]
std::vector<rtp_info_stream> parse_rtp_info(std::string_view value);

/// Splits at `separator` outside of double quotes; pieces are trimmed, empty ones left out.
std::vector<std::string_view> split_list(std::string_view text, char separator);

}  // namespace vigie::rtsp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

inline constexpr std::uint16_t default_port = 554;
inline constexpr std::uint16_t default_secure_port = 322;

/// An RTSP address (RFC 2326 §3.2), always absolute and always without credentials.
struct url {
  bool is_secure = false;  ///< rtsps
  std::string host;        ///< name, IPv4, or IPv6 without brackets; in lower case
  std::uint16_t port = default_port;
  std::string path;  ///< path and query as written, "" or starting with '/' or '?'

  /// "rtsp://host[:port]/path": the port is written unless it is the scheme's own.
  std::string to_text() const;
  /// "host[:port]" with brackets around IPv6.
  std::string authority() const;
  friend bool operator==(const url&, const url&) = default;
};

/// Parses "rtsp://host[:port][/path][?query]". A doubled scheme and an unbracketed IPv6 host are
/// repaired (camera-quirk 25).
/// Errors: config_invalid, also when the URL carries credentials (they have fields of their own,
/// camera-quirk 30); the detail then never repeats the URL. [thread-safe]
result<url> parse_url(std::string_view text);

/// The base of a description's controls: Content-Base, else Content-Location, else the request's
/// URL (RFC 2326 §C.1.1, camera-quirks 22 to 24 and 27). Broken candidates are skipped, a base
/// without scheme or host is completed from `request`. [ingest]
url resolve_base(std::string_view content_base, std::string_view content_location,
                 const url& request, const quirk_policies& policies, quirk_counters& counters);

/// The URL of a track: `control` appended to `base` (never RFC 3986 resolution, queries would be
/// lost; camera-quirks 26 to 28). "" and "*" are the base itself. [ingest]
url join_control(const url& base, std::string_view control, const quirk_policies& policies,
                 quirk_counters& counters);

}  // namespace vigie::rtsp

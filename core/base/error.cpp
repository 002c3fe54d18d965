// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

namespace vigie {

error_class class_of(errc code) noexcept {
  switch (code) {
    case errc::tls_untrusted:
    case errc::auth_rejected:
    case errc::auth_unsupported:
    case errc::rtsp_not_found:
    case errc::rtsp_redirect_limit:
    case errc::sdp_no_video:
    case errc::sdp_codec:
    case errc::config_invalid:
    case errc::access_denied:
    case errc::token_invalid:
    case errc::reason_missing:
    case errc::bus_unknown:
      return error_class::configuration_fatal;
    case errc::rtp_malformed:
    case errc::rtp_lost:
    case errc::codec_malformed:
    case errc::codec_too_large:
    case errc::bus_malformed:
    case errc::not_found:
      return error_class::anomaly;
    default:
      return error_class::session_fatal;
  }
}

std::string_view name_of(errc code) noexcept {
  switch (code) {
#define VIGIE_NAME(x) \
  case errc::x:       \
    return #x
    VIGIE_NAME(io_refused);
    VIGIE_NAME(io_unreachable);
    VIGIE_NAME(io_timeout);
    VIGIE_NAME(io_reset);
    VIGIE_NAME(io_closed);
    VIGIE_NAME(io_failed);
    VIGIE_NAME(io_tls);
    VIGIE_NAME(tls_untrusted);
    VIGIE_NAME(rtsp_malformed);
    VIGIE_NAME(rtsp_too_large);
    VIGIE_NAME(rtsp_framing);
    VIGIE_NAME(rtsp_status);
    VIGIE_NAME(rtsp_timeout);
    VIGIE_NAME(rtsp_redirect_limit);
    VIGIE_NAME(rtsp_transport);
    VIGIE_NAME(rtsp_not_found);
    VIGIE_NAME(sdp_malformed);
    VIGIE_NAME(sdp_no_video);
    VIGIE_NAME(sdp_codec);
    VIGIE_NAME(auth_rejected);
    VIGIE_NAME(auth_unsupported);
    VIGIE_NAME(rtp_malformed);
    VIGIE_NAME(rtp_lost);
    VIGIE_NAME(codec_malformed);
    VIGIE_NAME(codec_too_large);
    VIGIE_NAME(stall_silence);
    VIGIE_NAME(stall_rtcp_only);
    VIGIE_NAME(stall_drip);
    VIGIE_NAME(disk_full);
    VIGIE_NAME(disk_failed);
    VIGIE_NAME(db_failed);
    VIGIE_NAME(db_corrupt);
    VIGIE_NAME(not_found);
    VIGIE_NAME(bus_down);
    VIGIE_NAME(bus_malformed);
    VIGIE_NAME(bus_unknown);
    VIGIE_NAME(config_invalid);
    VIGIE_NAME(child_failed);
    VIGIE_NAME(child_timeout);
    VIGIE_NAME(access_denied);
    VIGIE_NAME(token_invalid);
    VIGIE_NAME(reason_missing);
    VIGIE_NAME(internal);
#undef VIGIE_NAME
  }
  return "unknown";
}

std::string to_string(const error& e) {
  std::string text{name_of(e.code)};
  if (!e.detail.empty()) text += ": " + e.detail;
  return text;
}

}  // namespace vigie

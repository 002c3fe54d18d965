// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace vigie::rtsp_plugin {

/// What is wrong with a camera's RTSP address; empty: nothing. Accepted are rtsp:// and rtsps://
/// with a host, a port in range, printable ASCII, at most 511 bytes and no credentials (RFC 7826
/// §4.2).
std::string complaint_about(std::string_view address);

}  // namespace vigie::rtsp_plugin

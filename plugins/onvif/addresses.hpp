// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "failure.hpp"

namespace vigie::onvif {

/// "http://192.168.1.10" → "http://192.168.1.10/onvif/device_service"; a path is kept.
/// Errors: VIGIE_E_INVALID (no http or https URL, or one with credentials).
outcome<std::string> device_service(std::string_view address);

/// A service address as the device tells it, on the host where the device really is: devices behind
/// a translating router tell their inner address, and a hostile one must not send us elsewhere.
/// A told port holds when the told host is ours. Never from https down to http.
/// Errors: VIGIE_E_IO (no usable URL).
outcome<std::string> on_device_host(std::string_view told, std::string_view device_service,
                                    bool follow_foreign_host);

/// A stream URI (rtsp, rtsps) on the device's host and without credentials; port and path as told.
/// Errors: VIGIE_E_IO (no usable URL, or too long for vigie_stream_t).
outcome<std::string> stream_on_device_host(std::string_view told, std::string_view device_service,
                                           bool follow_foreign_host);

}  // namespace vigie::onvif

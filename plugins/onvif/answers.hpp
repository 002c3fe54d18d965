// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "failure.hpp"
#include "soap.hpp"

namespace vigie::onvif {

/// Where a device's services are, as it tells; empty: it has none.
struct services {
  std::string media, media2, ptz, events;
};
struct profile {
  std::string token;
  std::string encoding;  ///< "H264", "H265", "JPEG"; empty without an encoder
  std::string source_configuration;
  bool has_ptz = false;
};
struct subscription {
  std::string address;
  std::string reference_headers;  ///< its reference parameters as SOAP headers (WS-Addressing §3.1)
  std::chrono::seconds life{0};   ///< by the device's own clock; 0: it does not say
};

/// UTC of GetSystemDateAndTime. Errors: VIGIE_E_IO.
outcome<vigie_utc_us_t> read_system_time(const message& answer);
/// "2026-11-21T20:15:33.4Z", with or without fraction and offset.
std::optional<vigie_utc_us_t> read_xml_time(std::string_view text);
services read_services(const message& answer);
services read_capabilities(const message& answer);
/// Fills what fits; control characters are dropped, characters never cut in two.
void read_device_information(const message& answer, vigie_device_info_t& into);
/// At most 64, of Media2 or Media.
std::vector<profile> read_profiles(const message& answer);
/// The wanted token; else the first H.264 profile; else the first with an encoder. Null: none.
const profile* choose_profile(const std::vector<profile>& all, std::string_view wanted);
std::string read_stream_uri(const message& answer);
/// At most 512.
std::vector<vigie_ptz_preset_t> read_presets(const message& answer);
/// At most 64 polygons of 3 to 16 points; others cannot be said with vigie_privacy_mask_t.
std::vector<vigie_privacy_mask_t> read_masks(const message& answer);
/// Token of a mask just created; empty: none told.
std::string read_created_mask(const message& answer);
outcome<subscription> read_subscription(const message& answer);

/// Copies text into a zero-terminated field of `size` bytes.
void put_text(char* into, std::size_t size, std::string_view text);

}  // namespace vigie::onvif

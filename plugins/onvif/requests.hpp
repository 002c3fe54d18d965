// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vigie/sdk.h"

namespace vigie::onvif {

/// One question to a device: the action's URI for the Content-Type and the body.
struct request {
  std::string action;
  std::string body;
};

// -- Device Management (ver10/device) --
request get_system_date_and_time();
request get_device_information();
request get_services();
request get_capabilities();

// -- Media2 (ver20/media), and Media (ver10/media) for devices without it --
request get_profiles(bool media2);
request get_stream_uri(bool media2, std::string_view profile);
request get_masks(std::string_view source_configuration);
/// Creates the mask when `mask.token` is empty, else changes it. Points go from thousandths to
/// ONVIF's plane, -1..1 with y upwards.
request write_mask(const vigie_privacy_mask_t& mask, std::string_view source_configuration);

// -- PTZ (ver20/ptz) --
request continuous_move(std::string_view profile, double pan, double tilt, double zoom,
                        std::chrono::milliseconds timeout);
request stop_moving(std::string_view profile);
request get_presets(std::string_view profile);
request go_to_preset(std::string_view profile, std::string_view preset);

// -- Events (ver10/events): the PullPoint way, WS-BaseNotification for the subscription --
request create_pull_point(std::chrono::seconds life);
request pull_messages(std::chrono::milliseconds wait, unsigned limit);
request renew(std::chrono::seconds life);
request unsubscribe();

/// xs:duration: "PT1.500S".
std::string xml_duration(std::chrono::milliseconds span);

}  // namespace vigie::onvif

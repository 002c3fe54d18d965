// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "soap.hpp"

namespace vigie::onvif {

/// What a device's notification is worth. Only what is on the closed list of vigie/protocol.h can
/// be forwarded; nothing a device says in words ever leaves this function (LEG-22, LEG-55, LEG-56).
enum class verdict : std::uint8_t {
  device_fact = 1,  ///< forwarded as vigie_device_event_t
  personal,         ///< carries persons' attributes: face, plate, body, sound, temperature
  gated,            ///< needs a legal basis (LEG-50): loitering, lines, fields, counting, objects
  unlisted,         ///< anything else
};

/// Judges one topic path ("VideoSource/ImageTooDark/ImagingService") of ONVIF's own topic tree.
/// For device_fact, `type` gets its VIGIE_DEVICE_….
verdict judge_topic(std::string_view path, std::int32_t& type);

struct drop_counts {
  std::uint64_t personal = 0, gated = 0, unlisted = 0;
};

/// Reads the notifications of a PullMessages answer: the facts in order, the rest only counted.
/// `arrived` stands in for a time that is missing. At most 1,000 a message.
std::vector<vigie_device_event_t> read_notifications(const message& answer, std::uint64_t camera,
                                                     vigie_utc_us_t arrived, drop_counts& dropped);

}  // namespace vigie::onvif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
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

/// Our time when an answer came, and how far the device's clock is ahead of ours.
struct device_time {
  vigie_utc_us_t arrived = 0;
  std::int64_t clock_offset_us = 0;
};

/// When it happened, by our clock: a device whose clock is wrong dates its events wrongly too (one
/// with a dead battery in 1970 or 2000). Never later than it arrived; without a time, then.
vigie_utc_us_t event_time(std::optional<vigie_utc_us_t> told, const device_time& now);

/// Reads the notifications of a PullMessages answer: the facts in order, the rest only counted.
/// At most 1,000 a message.
std::vector<vigie_device_event_t> read_notifications(const message& answer, std::uint64_t camera,
                                                     const device_time& now, drop_counts& dropped);

}  // namespace vigie::onvif

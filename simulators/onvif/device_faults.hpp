// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie::simulators::onvif {

/// The ways an emulated device fails or differs.
enum class device_fault : std::uint8_t {
  none = 1,
  slow,                ///< each answer takes 3 s
  mute,                ///< accepts and never answers
  http_500,            ///< every answer is an empty HTTP 500
  malformed_xml,       ///< answers break off in the middle of a tag
  huge_answer,         ///< answers of 2 MiB
  deep_xml,            ///< answers nested 10,000 levels deep
  entity_bomb,         ///< answers with a document type and entities
  wrong_clock,         ///< the device's clock is an hour ahead
  wrong_password,      ///< every password is refused
  http_digest,         ///< wants HTTP digest, no WS-UsernameToken
  no_media2,           ///< an older device: GetCapabilities and Media only
  foreign_addresses,   ///< tells service and stream addresses on another host
  personal_topics,     ///< its events speak of faces, plates and bodies too
  lost_subscriptions,  ///< forgets its subscriptions, as after a reboot
  hurried_polls,       ///< answers every PullMessages at once, also with nothing
  endless_move,        ///< ignores the time-out of a movement
};

inline constexpr device_fault all_device_faults[] = {device_fault::none,
                                                     device_fault::slow,
                                                     device_fault::mute,
                                                     device_fault::http_500,
                                                     device_fault::malformed_xml,
                                                     device_fault::huge_answer,
                                                     device_fault::deep_xml,
                                                     device_fault::entity_bomb,
                                                     device_fault::wrong_clock,
                                                     device_fault::wrong_password,
                                                     device_fault::http_digest,
                                                     device_fault::no_media2,
                                                     device_fault::foreign_addresses,
                                                     device_fault::personal_topics,
                                                     device_fault::lost_subscriptions,
                                                     device_fault::hurried_polls,
                                                     device_fault::endless_move};

constexpr std::string_view name_of(device_fault f) noexcept {
  switch (f) {
    case device_fault::none:
      return "none";
    case device_fault::slow:
      return "slow";
    case device_fault::mute:
      return "mute";
    case device_fault::http_500:
      return "http_500";
    case device_fault::malformed_xml:
      return "malformed_xml";
    case device_fault::huge_answer:
      return "huge_answer";
    case device_fault::deep_xml:
      return "deep_xml";
    case device_fault::entity_bomb:
      return "entity_bomb";
    case device_fault::wrong_clock:
      return "wrong_clock";
    case device_fault::wrong_password:
      return "wrong_password";
    case device_fault::http_digest:
      return "http_digest";
    case device_fault::no_media2:
      return "no_media2";
    case device_fault::foreign_addresses:
      return "foreign_addresses";
    case device_fault::personal_topics:
      return "personal_topics";
    case device_fault::lost_subscriptions:
      return "lost_subscriptions";
    case device_fault::hurried_polls:
      return "hurried_polls";
    case device_fault::endless_move:
      return "endless_move";
  }
  return "unknown";
}

constexpr std::optional<device_fault> device_fault_from(std::string_view name) noexcept {
  for (const device_fault f : all_device_faults)
    if (name_of(f) == name) return f;
  return std::nullopt;
}

}  // namespace vigie::simulators::onvif

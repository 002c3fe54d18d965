// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/event_names.hpp"

#include <vigie/analytics.h>
#include <vigie/protocol.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace vigie::plugin_host {
namespace {

constexpr std::array events{
    std::pair{VIGIE_EVENT_PICTURE_BLACK, std::string_view{"picture_black"}},
    std::pair{VIGIE_EVENT_PICTURE_FROZEN, std::string_view{"picture_frozen"}},
    std::pair{VIGIE_EVENT_PICTURE_BLURRED, std::string_view{"picture_blurred"}},
    std::pair{VIGIE_EVENT_PICTURE_COVERED, std::string_view{"picture_covered"}},
    std::pair{VIGIE_EVENT_CAMERA_MOVED, std::string_view{"camera_moved"}},
    std::pair{VIGIE_EVENT_COUNT_AGGREGATE, std::string_view{"count_aggregate"}},
    std::pair{VIGIE_EVENT_ABANDONED_OBJECT, std::string_view{"abandoned_object"}},
    std::pair{VIGIE_EVENT_WEAPON, std::string_view{"weapon"}},
    std::pair{VIGIE_EVENT_WRONG_WAY, std::string_view{"wrong_way"}},
    std::pair{VIGIE_EVENT_FORBIDDEN_ZONE, std::string_view{"forbidden_zone"}},
    std::pair{VIGIE_EVENT_PERSON_DOWN, std::string_view{"person_down"}},
    std::pair{VIGIE_EVENT_CROWD_MOVEMENT, std::string_view{"crowd_movement"}},
    std::pair{VIGIE_EVENT_DENSITY, std::string_view{"density"}},
    std::pair{VIGIE_EVENT_FIRE, std::string_view{"fire"}},
};

constexpr std::array device_events{
    std::pair{VIGIE_DEVICE_MOTION, std::string_view{"motion"}},
    std::pair{VIGIE_DEVICE_TAMPER, std::string_view{"tamper"}},
    std::pair{VIGIE_DEVICE_SIGNAL_LOSS, std::string_view{"signal_loss"}},
    std::pair{VIGIE_DEVICE_IMAGE_TOO_DARK, std::string_view{"image_too_dark"}},
    std::pair{VIGIE_DEVICE_IMAGE_TOO_BRIGHT, std::string_view{"image_too_bright"}},
    std::pair{VIGIE_DEVICE_IMAGE_BLURRED, std::string_view{"image_blurred"}},
    std::pair{VIGIE_DEVICE_SCENE_CHANGE, std::string_view{"scene_change"}},
    std::pair{VIGIE_DEVICE_HARDWARE_FAILURE, std::string_view{"hardware_failure"}},
    std::pair{VIGIE_DEVICE_STORAGE_FAILURE, std::string_view{"storage_failure"}},
    std::pair{VIGIE_DEVICE_DIGITAL_INPUT, std::string_view{"digital_input"}},
    std::pair{VIGIE_DEVICE_REBOOT, std::string_view{"reboot"}},
};

/// Parts of words, long enough not to meet an innocent one ("surface" holds "face", hence the
/// words below that are compared whole).
constexpr std::array suspect_parts{
    std::string_view{"biometr"},  std::string_view{"facial"},  std::string_view{"gender"},
    std::string_view{"ethnic"},   std::string_view{"emotion"}, std::string_view{"identif"},
    std::string_view{"identity"}, std::string_view{"license"}, std::string_view{"licence"},
    std::string_view{"iris"},     std::string_view{"voice"},
};
constexpr std::array suspect_words{
    std::string_view{"face"}, std::string_view{"faces"},  std::string_view{"gait"},
    std::string_view{"race"}, std::string_view{"age"},    std::string_view{"sex"},
    std::string_view{"skin"}, std::string_view{"plate"},  std::string_view{"plates"},
    std::string_view{"lpr"},  std::string_view{"anpr"},   std::string_view{"alpr"},
    std::string_view{"reid"}, std::string_view{"visage"}, std::string_view{"genre"},
};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view name_of_event(std::int32_t event_type) noexcept {
  for (const auto& [number, name] : events)
    if (number == event_type) return name;
  return {};
}

std::optional<std::int32_t> event_named(std::string_view name) noexcept {
  for (const auto& [number, known] : events)
    if (known == name) return number;
  return std::nullopt;
}

std::string_view name_of_device_event(std::int32_t type) noexcept {
  for (const auto& [number, name] : device_events)
    if (number == type) return name;
  return {};
}

bool sounds_biometric(std::string_view name) noexcept {
  std::string text;
  for (const char c : name) text += lower(c);
  for (const auto part : suspect_parts)
    if (text.find(part) != std::string::npos) return true;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find_first_of("_-. ", begin), text.size());
    const auto word = std::string_view{text}.substr(begin, end - begin);
    if (std::find(suspect_words.begin(), suspect_words.end(), word) != suspect_words.end())
      return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace vigie::plugin_host

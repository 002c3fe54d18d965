// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vigie::plugin_host {

/// "picture_black" for VIGIE_EVENT_PICTURE_BLACK, …; empty for a number that is none. [thread-safe]
std::string_view name_of_event(std::int32_t event_type) noexcept;
std::optional<std::int32_t> event_named(std::string_view name) noexcept;

/// "motion" for VIGIE_DEVICE_MOTION, …; empty for a number that is none. [thread-safe]
std::string_view name_of_device_event(std::int32_t type) noexcept;

/// True when a name speaks of persons' bodies or attributes: faces, gender, gait, identity, plates
/// (LEG-22, LEG-52, LEG-55, LEG-56). Such a plugin is refused by its own words. [thread-safe]
bool sounds_biometric(std::string_view name) noexcept;

}  // namespace vigie::plugin_host

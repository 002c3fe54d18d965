// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/messages.hpp"

#include <array>

namespace vigie::plugin_host {

std::string_view name_of(const call& c) noexcept {
  constexpr std::array<std::string_view, std::variant_size_v<call>> names{
      "attach",       "detach",           "discover",           "resolve_stream",    "open_stream",
      "close_stream", "device_info",      "device_clock",       "ptz.move",          "ptz.stop",
      "ptz.presets",  "ptz.go_to_preset", "privacy_masks.list", "privacy_masks.set", "deliver",
      "probe",        "on_frame"};
  return names[c.index()];
}

std::chrono::milliseconds deadline_of(const call& c, const call_deadlines& deadlines) noexcept {
  if (std::holds_alternative<frame_call>(c)) return deadlines.frame;
  if (std::holds_alternative<attach_call>(c) || std::holds_alternative<detach_call>(c) ||
      std::holds_alternative<open_call>(c) || std::holds_alternative<close_call>(c))
    return deadlines.control;
  if (const auto* discover = std::get_if<discover_call>(&c))
    return deadlines.device + std::chrono::milliseconds{discover->budget_ms};
  return deadlines.device;
}

}  // namespace vigie::plugin_host

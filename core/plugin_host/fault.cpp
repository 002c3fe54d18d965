// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/fault.hpp"

namespace vigie::plugin_host {

std::string_view name_of(fault f) noexcept {
  switch (f) {
    case fault::refused_manifest:
      return "refused_manifest";
    case fault::failed_start:
      return "failed_start";
    case fault::crashed:
      return "crashed";
    case fault::hung:
      return "hung";
    case fault::flooded:
      return "flooded";
    case fault::bad_detection:
      return "bad_detection";
    case fault::bad_packet:
      return "bad_packet";
    case fault::bad_event:
      return "bad_event";
    case fault::foreign_camera:
      return "foreign_camera";
    case fault::kept_frames:
      return "kept_frames";
    case fault::denied_access:
      return "denied_access";
    case fault::memory_limit:
      return "memory_limit";
    case fault::broke_protocol:
      return "broke_protocol";
    case fault::wrong_thread:
      return "wrong_thread";
  }
  return "unknown";
}

bool ends_instance(fault f) noexcept {
  switch (f) {
    case fault::failed_start:
    case fault::crashed:
    case fault::hung:
    case fault::memory_limit:
    case fault::broke_protocol:
      return true;
    default:
      return false;
  }
}

bool is_fault(std::uint8_t number) noexcept {
  return number >= static_cast<std::uint8_t>(fault::refused_manifest) &&
         number <= static_cast<std::uint8_t>(fault::wrong_thread);
}

}  // namespace vigie::plugin_host

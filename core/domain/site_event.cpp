// SPDX-License-Identifier: Apache-2.0
#include "domain/site_event.hpp"

namespace vigie::domain {

std::string_view name_of(site_event_type t) noexcept {
  switch (t) {
    case site_event_type::camera_down:
      return "camera_down";
    case site_event_type::camera_degraded:
      return "camera_degraded";
    case site_event_type::camera_restored:
      return "camera_restored";
    case site_event_type::site_outage:
      return "site_outage";
    case site_event_type::site_restored:
      return "site_restored";
  }
  return "camera_down";
}

}  // namespace vigie::domain

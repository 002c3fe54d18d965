// SPDX-License-Identifier: Apache-2.0
#include "control/views.hpp"

namespace vigie::control {

std::string_view name_of(site_condition c) noexcept {
  switch (c) {
    case site_condition::live:
      return "live";
    case site_condition::degraded:
      return "degraded";
    case site_condition::outage:
      return "outage";
  }
  return "degraded";
}

}  // namespace vigie::control

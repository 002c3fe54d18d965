// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace vigie::domain {

/// The facts a site concludes from its cameras. Nothing is told twice: a camera that is part of an
/// outage gets no event of its own, unless it stays down after the site is back.
enum class site_event_type : std::uint8_t {
  camera_down = 1,  ///< one camera lost its frames, alone
  camera_degraded,  ///< frames advance, but picture, recording or clock is wrong
  camera_restored,  ///< live again after one of the two above
  site_outage,      ///< most cameras of the site lost their frames at once: one cause
  site_restored,    ///< most of them are back
};
std::string_view name_of(site_event_type t) noexcept;

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "domain/access.hpp"
#include "domain/people.hpp"
#include "domain/topology.hpp"

namespace vigie::domain {

enum class viewing_kind : std::uint8_t { live = 1, replay };
std::string_view name_of(viewing_kind k) noexcept;

/// The images somebody asks for, and where they come from.
struct viewing_place {
  const commune_entry& commune;
  const site_id& site;
  const camera_entry& camera;
};

/// What is known of the alarm an asker names, for the exception outside the commune's hours.
enum class alarm_proof : std::uint8_t {
  none_named = 1,
  open_here,  ///< an open alarm of this commune
  unknown,
};

/// What keeps `who` from these images now; empty: nothing, and `claim.purpose` is one of the
/// camera's. Asked when a session opens and again and again while it lasts. A reason on record
/// (LEG-33), a known person with the role and the right for it (LEG-04, LEG-07), on duty with the
/// préfet's approval (LEG-02) or designated by the controller of the premises (LEG-08), the
/// commune's own authority (LEG-03), a purpose of the camera (LEG-10), and for live images the
/// hours the commune delegates (M24). [thread-safe]
std::optional<access_refusal> viewing_obstacle(const person* who, viewing_kind kind,
                                               const view_claim& claim, const viewing_place& place,
                                               alarm_proof alarm, utc_us now);

}  // namespace vigie::domain

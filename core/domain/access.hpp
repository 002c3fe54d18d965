// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/purpose.hpp"
#include "domain/topology.hpp"

namespace vigie::domain {

/// What somebody who wants to see images states.
struct view_claim {
  std::string user;      ///< as authenticated by the bus
  commune_id authority;  ///< under whose authority (LEG-03)
  std::string purpose;   ///< a purpose's name
  std::string reason;    ///< in the user's words
};

/// Whether these images may be shown, by the law as far as the claim alone decides it: a reason on
/// record (LEG-33), the commune's own authority (LEG-03), one of the camera's purposes (LEG-10).
/// Returns the purpose for the journal. Errors: reason_missing, access_denied; the detail opens
/// with the rule. [thread-safe]
result<purpose> may_view(const view_claim& claim, const commune_id& camera_commune,
                         const camera_entry& camera);

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"

namespace vigie::domain {

/// What an analysis of pictures is for; decides which law it stands under.
enum class analysis_purpose : std::uint8_t {
  technical = 1,   ///< the camera's own state, nothing about persons (LEG-57)
  statistical,     ///< anonymous aggregates above a threshold (LEG-57)
  security_event,  ///< signals a human looks at (LEG-51, LEG-52)
};

/// Whether frames may be shown to an analysis at all. Default deny: only technical ones pass
/// without a legal basis in force (LEG-50). Errors: access_denied, naming the rule. [thread-safe]
result<void> may_analyse(analysis_purpose purpose);

}  // namespace vigie::domain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "domain/camera_health_machine.hpp"
#include "domain/incident.hpp"

namespace vigie::domain {

/// One term of a priority, in words an operator reads.
struct priority_reason {
  std::string_view en;
  std::string_view fr;
  std::int32_t points = 0;
};

/// Why an incident stands where it stands in the queue: the score is the sum of its reasons.
struct incident_priority {
  std::int32_t score = 0;
  std::vector<priority_reason> reasons;
};

/// From what happens, who says so, how long it waits, and how often it is signalled. Ten thousand
/// signals weigh no more than a hundred: shouting is no reason. [thread-safe]
incident_priority priority_of(const incident& i, instant now);

/// Queue order: higher score first, then the older incident, then the id. A strict weak order at
/// one `now`. [thread-safe]
bool comes_before(const incident& a, const incident& b, instant now);

}  // namespace vigie::domain

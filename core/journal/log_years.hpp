// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace vigie::journal {

/// When an entry of that time must be gone: three calendar years later, "3 years at most" (LEG-33,
/// CSI R253-5); 29 February becomes the 28th. [thread-safe]
inline utc_us log_expiry(utc_us at) noexcept {
  auto day = day_of(at);
  const auto in_day = at - start_of(day);
  day.year += 3;
  if (day.month == 2) day.day = std::min(day.day, 28u);
  return start_of(day) + in_day;
}

}  // namespace vigie::journal

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace vigie::domain {

/// When a picture captured at `captured` must be gone: after the authorised days, and after one
/// calendar month at the latest, whatever is authorised (LEG-30; CSI L252-5, R253-4). A month from
/// a day the next month does not have ends on that month's last day. Calendar of UTC. [thread-safe]
utc_us expiry_of(utc_us captured, std::uint32_t authorised_days) noexcept;

/// [thread-safe]
bool is_expired(utc_us captured, std::uint32_t authorised_days, utc_us now) noexcept;

}  // namespace vigie::domain

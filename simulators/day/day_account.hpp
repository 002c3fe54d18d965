// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "day/day_plan.hpp"
#include "day/duty_room.hpp"

namespace vigie::simulators {

/// What was counted beside the room.
struct day_counts {
  unsigned lost = 0;         ///< incidents the centre does not know any more
  unsigned still_open = 0;   ///< of those it knows
  unsigned nobody_open = 0;  ///< routing opened no recipient of the kind wanted
  double wall_s = 0;
  double speed = 0;
  std::string ledger;  ///< of the recipients, JSON; empty: none was asked
};

/// The day's account as one line of JSON: what was raised, verified, notified, acknowledged; lost
/// and double effects; the year's headings as they came to pass; p50 and p99 of each delay, in
/// simulated seconds.
std::string day_account(const day_plan& plan, const duty_room& room, const day_counts& counts);

}  // namespace vigie::simulators

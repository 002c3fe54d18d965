// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "base/random.hpp"
#include "day/rates.hpp"

namespace vigie::simulators {

/// Since the day's first moment.
using day_time = std::chrono::milliseconds;
inline constexpr day_time whole_day = std::chrono::hours{24};

/// A room's day begins with its morning shift, so that a night is one piece.
inline constexpr unsigned first_hour = 6;

/// The local hour, 0 to 23, of a moment of the day.
unsigned local_hour(day_time at) noexcept;

/// Times of an inhomogeneous Poisson process: on average `per_day` of them, spread by `shares`,
/// each hour's rate multiplied by `factor(local hour)`. In order; all within the day. An arrival's
/// place depends on those before it only, so the same source gives the same day.
std::vector<day_time> poisson_arrivals(double per_day, const hour_shares& shares,
                                       const std::function<double(unsigned)>& factor,
                                       random_source& random);

/// A human delay: lognormal with that median; two of three lie between median / spread and
/// median * spread. Never above twenty times the median.
day_time human_delay(std::chrono::seconds median, double spread, random_source& random);

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#include "day/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vigie::simulators {

namespace {

constexpr day_time one_hour = std::chrono::hours{1};

double exponential(random_source& random) { return -std::log(1 - random.unit()); }

}  // namespace

unsigned local_hour(day_time at) noexcept {
  return (static_cast<unsigned>(at / one_hour) + first_hour) % 24;
}

std::vector<day_time> poisson_arrivals(double per_day, const hour_shares& shares,
                                       const std::function<double(unsigned)>& factor,
                                       random_source& random) {
  // Gaps of a process of rate one, laid along the day's cumulated intensity.
  std::vector<day_time> arrivals;
  double left = exponential(random);
  for (day_time hour{0}; hour < whole_day; hour += one_hour) {
    const unsigned local = local_hour(hour);
    const double expected = per_day * shares[local] * factor(local);
    double passed = 0;
    while (expected > 0 && left <= expected - passed) {
      passed += left;
      const double share = std::min(passed / expected, 1.0);
      arrivals.push_back(std::min(
          hour + day_time{static_cast<std::int64_t>(share * static_cast<double>(one_hour.count()))},
          hour + one_hour - day_time{1}));
      left = exponential(random);
    }
    left -= expected - passed;
  }
  return arrivals;
}

day_time human_delay(std::chrono::seconds median, double spread, random_source& random) {
  // Box and Muller; unit() may be 0, 1 - unit() is not.
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  const double normal = radius * std::cos(2 * std::numbers::pi * random.unit());
  const double factor = std::min(std::exp(normal * std::log(spread)), 20.0);
  return day_time{static_cast<std::int64_t>(
      static_cast<double>(std::chrono::milliseconds{median}.count()) * factor)};
}

}  // namespace vigie::simulators

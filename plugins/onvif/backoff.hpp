// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace vigie::onvif {

/// How long to wait before the attempt after `failures` in a row: up to 1 s, 2 s, 4 s … 60 s with
/// full jitter (`chance` in 0..1), so that a thousand cameras behind one switch do not come back in
/// step. A refused password waits for minutes: devices lock accounts that insist.
inline std::chrono::milliseconds back_off(unsigned failures, bool is_refusal, double chance) {
  if (is_refusal)
    return std::chrono::milliseconds{static_cast<std::int64_t>(300'000 * (0.5 + chance / 2))};
  const double ceiling = std::min(60'000.0, 1000.0 * std::exp2(std::min(failures, 7U)) / 2);
  return std::chrono::milliseconds{static_cast<std::int64_t>(100 + chance * (ceiling - 100))};
}

}  // namespace vigie::onvif

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace vigie::control {

/// How old what is known of the cameras' health is.
struct health_ages {
  /// Older than this is stale: evidence comes once a second and is judged once a second.
  static constexpr std::chrono::seconds limit{2};

  std::chrono::nanoseconds oldest_judgement{0};  ///< since a camera was last judged
  std::chrono::nanoseconds oldest_evidence{0};   ///< of a camera whose pictures advance
  std::uint32_t stale = 0;                       ///< cameras of which one of both is beyond limit

  void add(mono_ns judged_at, std::optional<mono_ns> evidence_at, mono_ns now) noexcept {
    const std::chrono::nanoseconds judgement{now - judged_at};
    const std::chrono::nanoseconds evidence{evidence_at ? now - *evidence_at : 0};
    oldest_judgement = std::max(oldest_judgement, judgement);
    oldest_evidence = std::max(oldest_evidence, evidence);
    if (std::max(judgement, evidence) > limit) ++stale;
  }
};

}  // namespace vigie::control

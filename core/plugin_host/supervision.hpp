// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "plugin_host/fault.hpp"

namespace vigie::plugin_host {

struct supervision_policy {
  std::chrono::milliseconds restart_floor{20};  ///< the first restart comes at once: it may be luck
  std::chrono::milliseconds restart_ceiling{10'000};
  std::chrono::seconds fault_memory{60};
  std::uint32_t faults_to_quarantine = 5;  ///< so many within the memory
  std::chrono::seconds quarantine_floor{300};
  std::chrono::seconds quarantine_ceiling{4 * 3600};
  /// So long without a fault and earlier quarantines are forgotten.
  std::chrono::seconds good_conduct{1800};
};

enum class remedy : std::uint8_t {
  keep = 1,    ///< counted, the instance goes on
  restart,     ///< end it and start it again at `at`
  quarantine,  ///< end it and leave it alone until `at`, or until a human releases it
};

struct supervision_decision {
  plugin_host::remedy remedy = remedy::keep;
  mono_ns at = 0;
};

/// What is done about one plugin's faults: restart with exponential back-off and jitter, quarantine
/// after too many, each quarantine twice as long as the last. Pure; time and randomness come from
/// outside. Not thread-safe.
class supervision {
 public:
  explicit supervision(supervision_policy policy = {}) : policy_{policy} {}

  /// Counts a fault.
  supervision_decision on_fault(fault f, mono_ns now, random_source& random);
  /// A human trusts it again: the faults of the past no longer count.
  void release() noexcept;
  std::uint32_t recent_faults(mono_ns now) noexcept;

 private:
  void forget(mono_ns now) noexcept;

  supervision_policy policy_;
  std::deque<mono_ns> faults_;  ///< within the memory
  std::uint32_t restarts_ = 0;  ///< in a row, each soon after the one before
  std::uint32_t quarantines_ = 0;
  mono_ns last_fault_ = 0;
};

}  // namespace vigie::plugin_host

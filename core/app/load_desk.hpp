// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/shedding.hpp"

namespace vigie::app {

/// What the node sheds now, and what it refused because of that. [thread-safe]
class load_desk {
 public:
  /// Once a second; tells when something changed.
  void pulse(const domain::load_signs& load, std::size_t open_live_views, mono_ns now);
  domain::shedding now() const;

  /// Whether one more live view is opened. Errors: internal, with what rests and until when.
  result<void> admit_live_view();
  /// Whether recorded images are looked for. Errors: internal.
  result<void> admit_replay();
  std::uint64_t refused_live_views() const noexcept { return refused_live_views_; }
  std::uint64_t refused_replays() const noexcept { return refused_replays_; }

 private:
  mutable std::mutex mutex_;
  domain::shedding state_;
  std::atomic<std::size_t> open_live_views_{0};
  std::atomic<std::uint64_t> refused_live_views_{0};
  std::atomic<std::uint64_t> refused_replays_{0};
};

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace vigie::plugin_host {

/// What the threads of a child do at one instant.
struct process_sample {
  mono_ns cpu_ns = 0;             ///< the serving thread's time on a processor since its birth
  bool is_asleep = false;         ///< the serving thread waits for something that is not a disk
  bool waits_on_network = false;  ///< it, or a thread it may wait for, waits for a peer
};

/// Looks at `process` through /proc; `channel` is the descriptor its reading thread always waits
/// on. Empty values when the kernel tells nothing. [thread-safe]
process_sample sample_process(int process, int channel);

/// Tells a call that hangs from one that takes its time: it computes, or sleeps for something that
/// is no peer, longer than it may. What waits for a disk, for a processor, or (when permitted) for
/// a peer is left to the call's deadline. Pure; not thread-safe.
class call_watch {
 public:
  call_watch(std::chrono::nanoseconds most_asleep, bool may_use_network) noexcept
      : most_asleep_{to_ns(most_asleep)}, may_use_network_{may_use_network} {}

  /// A call begins that may compute for `most_computing`.
  void begin(mono_ns now, const process_sample& sample,
             std::chrono::nanoseconds most_computing) noexcept;
  /// Null: no reason to worry; else what it does instead of returning.
  const char* judge(mono_ns now, const process_sample& sample) noexcept;

 private:
  mono_ns most_computing_ = 0;
  mono_ns most_asleep_;
  bool may_use_network_;
  mono_ns cpu_at_begin_ = 0;
  mono_ns awake_ = 0;  ///< when it last was anything but idly asleep
};

}  // namespace vigie::plugin_host

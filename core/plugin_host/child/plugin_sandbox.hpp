// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "plugin_host/messages.hpp"

namespace vigie::plugin_host::child {

inline constexpr std::uint64_t plugin_address_space_bytes = 768ULL << 20;
inline constexpr std::uint64_t plugin_descriptors = 64;

struct entered_sandbox {
  std::uint32_t layers = 0;  ///< sandbox_layer bits
  /// On which the centre hears of audited system calls; -1 when the kernel has no such thing.
  int audit_descriptor = -1;
};

/// Gives up every right the plugin was not granted: before its library is opened, because opening
/// runs its code. Called while the process has one thread. Irreversible.
entered_sandbox enter_plugin_sandbox(const start_order& order);

/// Lets the process read what a library needs, its own folder and `files`; nothing else, nothing to
/// write. Where Landlock is new enough, also: no signal to another process, no abstract socket, and
/// without a network permission no TCP. False when the kernel has no Landlock.
bool restrict_files(const start_order& order);

}  // namespace vigie::plugin_host::child

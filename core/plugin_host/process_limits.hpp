// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

namespace vigie::plugin_host {

/// What a plugin's process has too much of: "memory", "threads" or "descriptors"; nothing when it
/// keeps within its bounds, or is gone. They lie a little below those the kernel holds it to, so
/// that a flood is named before it merely fails. Looks at /proc; [thread-safe].
std::optional<std::string_view> limit_passed(pid_t process);

}  // namespace vigie::plugin_host

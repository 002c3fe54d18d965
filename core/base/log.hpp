// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace vigie::log {

enum class level : std::uint8_t { debug = 1, info, warn, error };

/// Starts logging to stderr from `lowest` on. Called once, before any thread. [startup]
void start(level lowest);

/// Writes one line. Never pass a secret or unescaped bytes from the network. [thread-safe]
void write(level at, std::string_view text);

template <class... Args>
void info(fmt::format_string<Args...> f, Args&&... args) {
  write(level::info, fmt::format(f, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> f, Args&&... args) {
  write(level::warn, fmt::format(f, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> f, Args&&... args) {
  write(level::error, fmt::format(f, std::forward<Args>(args)...));
}
template <class... Args>
void debug(fmt::format_string<Args...> f, Args&&... args) {
  write(level::debug, fmt::format(f, std::forward<Args>(args)...));
}

/// Lets one line through per `every_ns` and counts the rest, so that a bad camera cannot flood the
/// log: `if (auto n = limit.pass(now)) log::warn("… ({} more)", n - 1);`. One owner, no locking.
class rate_limit {
 public:
  explicit rate_limit(mono_ns every_ns) noexcept : every_ns_{every_ns} {}
  /// 0: keep silent. n ≥ 1: speak, for n occurrences since the last time.
  std::uint64_t pass(mono_ns now) noexcept {
    ++pending_;
    if (last_ != 0 && now - last_ < every_ns_) return 0;
    last_ = now;
    return std::exchange(pending_, 0);
  }

 private:
  mono_ns every_ns_;
  mono_ns last_ = 0;
  std::uint64_t pending_ = 0;
};

}  // namespace vigie::log

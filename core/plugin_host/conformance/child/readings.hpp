// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dirent.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace vigie::plugin_host::conformance::child {

/// What this process holds. Opened before the sandbox closes /proc; not thread-safe.
class readings {
 public:
  readings();
  ~readings();
  readings(const readings&) = delete;
  readings& operator=(const readings&) = delete;

  std::size_t threads() const { return count(threads_); }
  std::size_t descriptors() const { return count(descriptors_); }
  /// Bytes given out by malloc, and not given back.
  static std::uint64_t heap_bytes();
  std::uint64_t address_space_bytes() const;

 private:
  static std::size_t count(DIR* folder);
  DIR* threads_;
  DIR* descriptors_;
  int sizes_;
};

/// Does a quantity grow with every round? Takes its value before, in the middle and after equally
/// many rounds: a cache that fills once is no leak, what grows in both halves is.
bool grows(std::uint64_t before, std::uint64_t middle, std::uint64_t after, std::size_t rounds,
           std::uint64_t least_per_round);

/// What belongs to the process and not to a plugin in it: signal handlers, locale.
std::string process_wide_state();

/// stdout and stderr from here on: a pipe nobody shows.
class silence {
 public:
  silence();
  /// The first bytes written to either since.
  std::string heard();

 private:
  int reads_ = -1;
};

}  // namespace vigie::plugin_host::conformance::child

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <set>
#include <string>

#include "verify/verdict.hpp"

namespace verify {

struct check_options {
  std::filesystem::path recordings;
  std::filesystem::path sent;  ///< the farm's answer to {"cmd":"stats"}; empty: not compared
  std::int64_t from_ms =
      std::numeric_limits<std::int64_t>::min();  ///< files that start in [from, to)
  std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
  bool after_kill = false;
  std::set<std::string> allow_gaps;  ///< camera ids, or "all"
};

/// Judges a whole recordings folder, cameras in parallel. Throws std::runtime_error when the folder
/// or the sender's account cannot be read.
verdict check_recordings(const check_options& options);

}  // namespace verify

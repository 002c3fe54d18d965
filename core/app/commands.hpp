// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "config/centre_config.hpp"

namespace vigie::app {

/// Exit codes of `vigie`, after sysexits(3); `incomplete`: nothing was judged
/// (`plugin check`, `audit`).
enum class exit_code : int { done = 0, failed = 1, incomplete = 2, usage = 64, bad_config = 78 };

/// Reads a configuration; prints every finding on stdout, and is empty when there is one. [startup]
std::optional<config::centre_config> load_or_tell(const std::filesystem::path& file);

/// `vigie check FILE`: every finding on stdout, a summary, and what the file describes.
exit_code check(const std::filesystem::path& file);

/// `vigie run FILE`: a centre until SIGINT or SIGTERM. `programs` is where vigie's binaries are.
exit_code run(const std::filesystem::path& file, const std::filesystem::path& programs);

}  // namespace vigie::app

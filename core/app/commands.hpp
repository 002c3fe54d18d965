// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace vigie::app {

/// Exit codes of `vigie`, after sysexits(3).
enum class exit_code : int { done = 0, failed = 1, usage = 64, bad_config = 78 };

/// `vigie check FILE`: every finding on stdout, a summary, and what the file describes.
exit_code check(const std::filesystem::path& file);

/// `vigie run FILE`: a centre until SIGINT or SIGTERM. `programs` is where vigie's binaries are.
exit_code run(const std::filesystem::path& file, const std::filesystem::path& programs);

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace vigie::journal {

/// The whole lines of an anchors file; a torn last line is left out. Errors: not_found. [worker]
result<std::vector<std::string>> read_anchor_lines(const std::filesystem::path& file);

/// Adds lines durably, first cutting a torn last line. Errors: disk_failed. [worker]
result<void> append_anchor_lines(const std::filesystem::path& file,
                                 const std::vector<std::string>& lines);

}  // namespace vigie::journal

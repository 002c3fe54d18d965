// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "verify/verdict.hpp"

namespace verify {

/// One recorded file, named after its start.
struct recorded_file {
  std::filesystem::path path;
  std::int64_t start_ms = 0;  ///< UTC
};

struct camera_options {
  bool after_kill = false;  ///< a torn end of the last file is no fault
  bool allow_gaps = false;
  std::optional<std::uint64_t> last_sent;  ///< counters beyond it were never sent
};

/// Judges one camera's files, in order of their starts.
camera_verdict check_camera(const std::string& camera, const std::vector<recorded_file>& files,
                            const camera_options& options);

/// The start in "20261121T201533400Z.mp4", in ms since 1970; nothing for any other name.
std::optional<std::int64_t> start_of_name(const std::string& name);

}  // namespace verify

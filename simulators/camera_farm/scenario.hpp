// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "camera_farm/faults.hpp"

namespace vigie::simulators {

/// One fault of a scripted timeline.
struct scenario_step {
  std::chrono::milliseconds at{0};  ///< after the farm's start
  std::vector<unsigned> cameras;    ///< indexes from 1
  trouble what;
  std::chrono::milliseconds heal_after{0};  ///< zero: stays
  std::chrono::milliseconds clock_step{0};  ///< not zero: the cameras' clocks are set by that much
};

/// Reads a TOML timeline for a farm of `cameras`, see simulators/README.md. Random choices (`pick`,
/// `percent`, `jitter_s`, `random_communes`) follow the file's `seed`, so that the same file is
/// always the same day. A step with several faults deals them out to its cameras in turn; one that
/// repeats is written out here.
/// Errors: config_invalid, with the line.
result<std::vector<scenario_step>> parse_scenario(std::string_view text, unsigned cameras);
result<std::vector<scenario_step>> load_scenario(const std::string& file, unsigned cameras);

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "camera_health/health_core.hpp"
#include "health_scenes/sequence.hpp"

namespace vigie::test {

namespace scenes = simulators::health;

/// One labelled sequence shown to the rules: what they said, against what was true.
struct trial_result {
  bool detected = false;                  ///< the sequence's fault was told while it lasted
  bool cleared = false;                   ///< and was over soon after it was
  int delay_seconds = -1;                 ///< from the fault's first picture to the telling
  std::vector<std::string> false_alarms;  ///< names of faults told that were not there
};

struct trial {
  scenes::script what;
  int pictures = 0;
  bool trace = false;  ///< prints a line of figures per picture
};

/// A fault told within its time is one detection; anything else told is a false alarm.
trial_result run(const trial& how);

/// A fault that begins after ten minutes of health and lasts seven and a half (or none).
trial fault_trial(std::uint64_t seed, scenes::weather under, scenes::label fault);

}  // namespace vigie::test

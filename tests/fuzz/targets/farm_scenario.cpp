// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/scenario.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A time line for the simulated farm: every step names cameras there are, and the same text is
/// always the same day.
void run(byte_view bytes) {
  constexpr unsigned cameras = 24;
  const auto own = copy_of(bytes);
  const auto steps = simulators::parse_scenario(text_of(own), cameras);
  if (!steps) return;
  for (const auto& step : *steps) {
    require(
        step.at >= std::chrono::milliseconds{0} && step.heal_after >= std::chrono::milliseconds{0},
        "no time before the start");
    for (const auto index : step.cameras)
      require(index >= 1 && index <= cameras, "cameras there are");
  }
  const auto again = simulators::parse_scenario(text_of(own), cameras);
  require(again && again->size() == steps->size(), "the same text, the same day");
  for (std::size_t i = 0; i < steps->size(); ++i)
    require((*again)[i].cameras == (*steps)[i].cameras && (*again)[i].at == (*steps)[i].at,
            "the same choices");
}

std::vector<std::string> seeds() {
  return {
      "seed = 1\n[[step]]\nat_s = 20\ncameras = [\"cam-0005\"]\nfault = \"silence\"\nseconds = "
      "12\n",
      "[[step]]\nat_s = 35.5\ncameras = [\"cam-0010..cam-0012\", \"all\"]\nfault = \"rst\"\npick = "
      "2\njitter_s = 3\n"};
}

const registration self{
    {"farm_scenario",
     run,
     seeds,
     {"[[step]]", "at_s = ", "cameras = [", "\"all\"", "..", "cam-9999",
      "pick = ", "jitter_s = ", "fault = \"", "1e308", "nan", "inf", "-1", "9223372036854775807"}}};

}  // namespace

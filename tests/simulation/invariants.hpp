// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "simulation/world.hpp"

namespace vigie::simulation {

/// What must hold whatever was injected; each breach is one readable line.
std::vector<std::string> breaches(world& w);

/// What the independent checker says of everything recorded. Pictures a camera could not send are
/// not taken, so nothing it counts may be missing.
std::vector<std::string> recording_breaches(const world& w);

}  // namespace vigie::simulation

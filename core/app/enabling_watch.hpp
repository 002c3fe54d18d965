// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "domain/analysis_enabling.hpp"

namespace vigie::app {

/// What two persons enabled, as the register of proposals in a centre's `data_dir` has it. A centre
/// without a register has enabled nothing. Errors: db_failed, db_corrupt. [worker]
result<std::vector<domain::analysis_enabling>> read_enablings(
    const std::filesystem::path& data_dir);

}  // namespace vigie::app

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace vigie::app {

/// A password for `vigie user`: the first line of `file`, or, when that is empty, what is typed at
/// the terminal (twice, without echo) or the first line of standard input. Errors: config_invalid.
/// [startup]
result<secret> read_new_password(const std::filesystem::path& file);

}  // namespace vigie::app

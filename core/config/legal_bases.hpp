// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "domain/legal_basis.hpp"

namespace vigie::config {

struct legal_outcome {
  std::optional<std::vector<domain::legal_basis>> bases;  ///< only when there is no finding
  std::vector<finding> findings;                          ///< every error, in line order
};

/// Reads the text of a legal bases file: `[[basis]]` tables. An enabled basis names its law, the
/// order that applies it, a place, at least one event, controller and commune or camera, and both
/// ends of its period (LEG-51); nothing is ever meant by being left out. Whether the text is signed
/// is the caller's question, to be asked first. `name` stands in findings. Never throws.
/// [thread-safe]
legal_outcome read_legal_bases(std::string_view text, const std::string& name);

}  // namespace vigie::config

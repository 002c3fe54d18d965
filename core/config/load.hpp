// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/centre_config.hpp"

namespace vigie::config {

/// One thing wrong with a configuration, told so that the reader can mend it.
struct finding {
  std::string file;
  std::uint32_t line = 0;  ///< from 1; 0: the whole file
  std::uint32_t column = 0;
  std::string rule;     ///< "LEG-30" when the law refuses it, else empty
  std::string message;  ///< what is wrong
  std::string remedy;   ///< what to write instead
};

/// "centre.toml:14:3: LEG-30: retention_days = 45 is over one month; write 30 or less"
std::string to_string(const finding& f);

struct load_outcome {
  std::optional<centre_config> config;  ///< only when there is no finding
  std::vector<finding> findings;        ///< every error of the file, in line order
};

/// Reads an environment variable; injected so that tests own the environment.
using environment = std::function<std::optional<std::string>(const std::string&)>;

/// Reads and checks a TOML configuration. Never throws; reports all errors, not the first.
/// Secrets come from files (`password_file`) or the environment (`password_env`), never the TOML.
load_outcome load(const std::filesystem::path& file, const environment& env);

}  // namespace vigie::config

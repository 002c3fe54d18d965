// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace vigie::test {

/// A folder with a configuration, secret files and an environment of its own.
class config_bench {
 public:
  config_bench()
      : folder_{std::filesystem::temp_directory_path() /
                ("vigie-config-" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(folder_);
  }
  ~config_bench() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  config_bench(const config_bench&) = delete;
  config_bench& operator=(const config_bench&) = delete;

  std::map<std::string, std::string> environment;
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file() const { return folder_ / "centre.toml"; }

  void write(const std::string& name, std::string_view text, unsigned mode = 0600) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
    REQUIRE(::chmod((folder_ / name).c_str(), mode) == 0);
  }
  config::load_outcome load(std::string_view toml) const {
    write("centre.toml", toml);
    return config::load(file(), [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    });
  }

 private:
  std::filesystem::path folder_;
};

/// Numbers of the lines that hold the mark `#<`, from 1.
inline std::vector<std::uint32_t> marked_lines(std::string_view text) {
  std::vector<std::uint32_t> out;
  std::uint32_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++line;
    if (text.substr(i, 2) == "#<") out.push_back(line);
  }
  return out;
}

}  // namespace vigie::test

// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/process_limits.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace vigie::plugin_host {
namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t most_bytes = 640ULL << 20;  // of 768 MiB it can never pass
constexpr std::uint64_t most_threads = 64;
constexpr std::uint64_t most_descriptors = 60;  // of 64

std::uint64_t entries_of(const std::string& folder) {
  std::error_code gone;
  std::uint64_t n = 0;
  for (std::filesystem::directory_iterator at{folder, gone}, end; at != end && n < 4096;
       at.increment(gone))
    ++n;
  return n;
}

}  // namespace

std::optional<std::string_view> limit_passed(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  std::uint64_t pages = 0;
  if (std::ifstream{folder + "/statm"} >> pages && pages * page_bytes > most_bytes) return "memory";
  if (entries_of(folder + "/task") > most_threads) return "threads";
  if (entries_of(folder + "/fd") > most_descriptors) return "descriptors";
  return std::nullopt;
}

}  // namespace vigie::plugin_host

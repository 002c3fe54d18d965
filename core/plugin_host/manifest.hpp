// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vigie::plugin_host {

enum class plugin_kind : std::uint8_t {
  protocol = 1,
  analytics = 2,
  notifier = 3
};  ///< as VIGIE_KIND_…
enum class analysis_class : std::uint8_t { technical = 1, statistical, security_event };

/// What a plugin may reach in the network. Absent in the manifest: nothing.
enum class network_reach : std::uint8_t {
  camera = 1,  ///< the addresses of the cameras attached to it
  recipient,   ///< the addresses in its own configuration
  any,
};

/// plugin.toml: what a plugin says about itself, read before any of its code is.
struct manifest {
  std::string id;  ///< [a-z0-9._-], dotted, 3 to 100 characters
  plugin_kind kind = plugin_kind::protocol;
  std::string version;
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
  std::filesystem::path library;  ///< a plain file name, beside the manifest
  std::string sha256;             ///< of the library, 64 lower-case hex digits
  std::vector<network_reach> network;
  std::vector<std::filesystem::path> files;  ///< absolute, read-only

  // kind analytics only
  std::optional<analysis_class> analysis;
  std::vector<std::int32_t> events;   ///< VIGIE_EVENT_…, no other may be signalled
  std::vector<std::string> purposes;  ///< which of the law's purposes it serves
};

/// Reads the text of a manifest; `name` stands in messages. Anything unknown, missing, of a wrong
/// type or out of the closed lists is refused with its line: a manifest is a promise, and a
/// promise nobody can read is none. Errors: config_invalid. [thread-safe]
result<manifest> parse_manifest(std::string_view text, std::string_view name);

/// Reads `folder`/plugin.toml. Errors: config_invalid, not_found. [thread-safe]
result<manifest> read_manifest(const std::filesystem::path& folder);

/// Checks that the library beside the manifest has the promised hash; returns its path. Nothing of
/// the library is executed. Errors: config_invalid, not_found. [thread-safe]
result<std::filesystem::path> check_library(const std::filesystem::path& folder,
                                            const manifest& promised);

/// SHA-256 of a file in lower-case hex. Errors: not_found, disk_failed. [thread-safe]
result<std::string> sha256_of_file(const std::filesystem::path& file);

std::string_view name_of(plugin_kind kind) noexcept;
std::string_view name_of(analysis_class analysis) noexcept;

}  // namespace vigie::plugin_host

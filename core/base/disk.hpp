// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace vigie {

/// The disk port of everything that writes recordings. The posix one calls the kernel; the
/// simulation's one loses, tears and reorders what was not synced. Calls block: writer threads
/// only.
class disk {
 public:
  virtual ~disk() = default;
  /// Appends all parts in order at the end of `path`, creating it when absent (parent folders too).
  /// The file is not held open. Returns the file's size afterwards.
  /// Errors: disk_full, disk_failed (a part of the bytes may then be there: repair by `truncate`).
  virtual result<std::uint64_t> append(const std::filesystem::path& path,
                                       std::span<const byte_view> parts) = 0;
  virtual result<std::vector<std::uint8_t>> read(const std::filesystem::path& path,
                                                 std::uint64_t offset, std::size_t length) = 0;
  virtual result<std::uint64_t> size(const std::filesystem::path& path) = 0;
  virtual result<void> truncate(const std::filesystem::path& path, std::uint64_t size) = 0;
  /// Removes a file or an empty folder; absent is success.
  virtual result<void> remove(const std::filesystem::path& path) = 0;
  /// Makes what was appended to `path` survive a power cut.
  virtual result<void> sync(const std::filesystem::path& path) = 0;
  /// Names (not paths) in a folder, sorted; empty when the folder is absent.
  virtual result<std::vector<std::string>> list(const std::filesystem::path& folder) = 0;
  virtual result<std::uint64_t> free_bytes(const std::filesystem::path& folder) = 0;
};

/// The machine's disk. [thread-safe]
std::unique_ptr<disk> make_posix_disk();

}  // namespace vigie

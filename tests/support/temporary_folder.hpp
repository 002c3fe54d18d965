// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace vigie::test {

/// An empty folder of this test, gone with it.
class temporary_folder {
 public:
  explicit temporary_folder(
      const std::filesystem::path& base = std::filesystem::temp_directory_path()) {
    std::string name = (base / "vigie-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp " + name};
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The same in memory where the machine allows: what a test puts there is small and not worth
/// waiting for a disk.
class memory_folder : public temporary_folder {
 public:
  memory_folder() : temporary_folder{base()} {}

 private:
  static std::filesystem::path base() {
    const std::filesystem::path memory{"/dev/shm"};
    std::error_code ignored;
    return std::filesystem::is_directory(memory, ignored) ? memory
                                                          : std::filesystem::temp_directory_path();
  }
};

}  // namespace vigie::test

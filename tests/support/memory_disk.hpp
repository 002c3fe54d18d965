// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/disk.hpp"
#include "base/random.hpp"

namespace vigie::test {

/// A disk in memory that fails the way disks do, reproducibly from its seed. [thread-safe]
///
/// Two kinds of end: `die_at_write` is kill -9 (the n-th change is torn, nothing works after it,
/// and what was written before stays, as the page cache does); `cut_power` loses and tears what was
/// never synced.
class memory_disk final : public disk {
 public:
  explicit memory_disk(std::uint64_t seed = 1) : random_{seed} {}

  result<std::uint64_t> append(const std::filesystem::path& path,
                               std::span<const byte_view> parts) override {
    std::lock_guard lock{mutex_};
    std::vector<std::uint8_t> bytes;
    for (const auto part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
    const auto change = begin_change();
    if (change == fate::refused) return refusal();
    if (change == fate::torn) bytes.resize(random_.next() % (bytes.size() + 1));
    bool is_full = false;
    if (capacity_ && used() + bytes.size() > *capacity_) {
      bytes.resize(*capacity_ > used() ? *capacity_ - used() : 0);
      is_full = true;
    }
    if (change == fate::done || !bytes.empty()) {
      auto& file = make(path);
      file.bytes.insert(file.bytes.end(), bytes.begin(), bytes.end());
    }
    if (change == fate::torn) return refusal();
    if (is_full) return fail(errc::disk_full, "memory disk: " + path.string());
    return std::uint64_t{make(path).bytes.size()};
  }

  result<std::vector<std::uint8_t>> read(const std::filesystem::path& path, std::uint64_t offset,
                                         std::size_t length) override {
    std::lock_guard lock{mutex_};
    if (is_dead_) return refusal();
    auto* const file = find(path);
    if (file == nullptr) return fail(errc::not_found, path.string());
    const auto& bytes = file->bytes;
    const auto from = std::min<std::size_t>(offset, bytes.size());
    const auto to = from + std::min(length, bytes.size() - from);
    return std::vector<std::uint8_t>{bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(to)};
  }

  result<std::uint64_t> size(const std::filesystem::path& path) override {
    std::lock_guard lock{mutex_};
    if (is_dead_) return refusal();
    auto* const file = find(path);
    if (file == nullptr) return fail(errc::not_found, path.string());
    return std::uint64_t{file->bytes.size()};
  }

  result<void> truncate(const std::filesystem::path& path, std::uint64_t size) override {
    std::lock_guard lock{mutex_};
    const auto change = begin_change();
    if (change == fate::refused) return refusal();
    auto* const file = find(path);
    if (file == nullptr) return fail(errc::not_found, path.string());
    if (change == fate::torn && random_.next() % 2 == 0) return refusal();
    file->bytes.resize(size);
    file->synced = std::min<std::size_t>(file->synced, size);
    if (change == fate::torn) return refusal();
    return {};
  }

  result<void> remove(const std::filesystem::path& path) override {
    std::lock_guard lock{mutex_};
    const auto change = begin_change();
    if (change == fate::refused) return refusal();
    if (change == fate::torn && random_.next() % 2 == 0) return refusal();
    if (!names_in(path).empty()) return fail(errc::disk_failed, "not empty: " + path.string());
    by_name_.erase(path.native());
    files_.erase(path);
    if (change == fate::torn) return refusal();
    return {};
  }

  result<void> sync(const std::filesystem::path& path) override {
    std::lock_guard lock{mutex_};
    if (is_dead_) return refusal();
    auto* const file = find(path);
    if (file == nullptr) return fail(errc::not_found, path.string());
    file->synced = file->bytes.size();
    return {};
  }

  result<std::vector<std::string>> list(const std::filesystem::path& folder) override {
    std::lock_guard lock{mutex_};
    if (is_dead_) return refusal();
    const auto names = names_in(folder);
    return std::vector<std::string>{names.begin(), names.end()};
  }

  result<std::uint64_t> free_bytes(const std::filesystem::path&) override {
    std::lock_guard lock{mutex_};
    if (is_dead_) return refusal();
    constexpr std::uint64_t plenty = std::uint64_t{1} << 50;
    return capacity_ ? *capacity_ - std::min<std::uint64_t>(*capacity_, used()) : plenty;
  }

  /// All files together hold at most this; an append beyond it is cut short with disk_full.
  void set_capacity(std::optional<std::uint64_t> bytes) {
    std::lock_guard lock{mutex_};
    capacity_ = bytes;
  }
  /// The next `count` changes do nothing and answer `code`.
  void fail_writes(errc code, std::uint64_t count) {
    std::lock_guard lock{mutex_};
    failure_ = code;
    failures_left_ = count;
  }
  /// The n-th change from now (1: the next) is done in part and the process dies with it.
  void die_at_write(std::uint64_t n) {
    std::lock_guard lock{mutex_};
    dies_at_ = writes_ + n;
  }
  bool is_dead() const {
    std::lock_guard lock{mutex_};
    return is_dead_;
  }
  /// The process starts again on the same disk.
  void revive() {
    std::lock_guard lock{mutex_};
    is_dead_ = false;
    dies_at_ = 0;
    failures_left_ = 0;
  }
  /// Of every file, an unsynced tail keeps a random part.
  void cut_power() {
    std::lock_guard lock{mutex_};
    for (auto& [path, file] : files_) {
      const auto loose = file.bytes.size() - file.synced;
      file.bytes.resize(file.synced + random_.next() % (loose + 1));
      file.synced = file.bytes.size();
    }
  }
  /// Changes asked for so far: appends, truncations, removals.
  std::uint64_t writes() const {
    std::lock_guard lock{mutex_};
    return writes_;
  }
  std::vector<std::filesystem::path> files() const {
    std::lock_guard lock{mutex_};
    std::vector<std::filesystem::path> paths;
    for (const auto& [path, file] : files_) paths.push_back(path);
    return paths;
  }
  std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) const {
    std::lock_guard lock{mutex_};
    const auto* const file = find(path);
    return file == nullptr ? std::vector<std::uint8_t>{} : file->bytes;
  }

 private:
  struct stored_file {
    std::vector<std::uint8_t> bytes;
    std::size_t synced = 0;
  };
  enum class fate : std::uint8_t { done = 1, torn, refused };

  stored_file* find(const std::filesystem::path& path) const {
    const auto found = by_name_.find(path.native());
    return found == by_name_.end() ? nullptr : found->second;
  }
  stored_file& make(const std::filesystem::path& path) {
    auto& known = by_name_[path.native()];
    if (known == nullptr) known = &files_[path];
    return *known;
  }

  fate begin_change() {
    if (is_dead_) return fate::refused;
    ++writes_;
    if (failures_left_ > 0) {
      --failures_left_;
      return fate::refused;
    }
    if (writes_ != dies_at_) return fate::done;
    is_dead_ = true;
    return fate::torn;
  }
  tl::unexpected<error> refusal() const {
    return fail(is_dead_ ? errc::disk_failed : failure_, "memory disk refuses");
  }
  std::uint64_t used() const {
    std::uint64_t sum = 0;
    for (const auto& [path, file] : files_) sum += file.bytes.size();
    return sum;
  }
  std::set<std::string> names_in(const std::filesystem::path& folder) const {
    std::set<std::string> names;
    for (const auto& [path, file] : files_) {
      const auto [in_folder, in_path] =
          std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
      if (in_folder == folder.end() && in_path != path.end()) names.insert(in_path->string());
    }
    return names;
  }

  mutable std::mutex mutex_;
  seeded_random random_;
  std::map<std::filesystem::path, stored_file> files_;  ///< in order: runs must be reproducible
  std::unordered_map<std::string, stored_file*> by_name_;
  std::optional<std::uint64_t> capacity_;
  errc failure_ = errc::disk_failed;
  std::uint64_t failures_left_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t dies_at_ = 0;
  bool is_dead_ = false;
};

}  // namespace vigie::test

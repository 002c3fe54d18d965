// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/disk.hpp"

namespace vigie {
namespace {

namespace fs = std::filesystem;

/// A descriptor that closes itself; recordings never keep one longer than a call.
class descriptor {
 public:
  explicit descriptor(int fd) noexcept : fd_{fd} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<error> failed(std::string_view what, const fs::path& path, int code = errno) {
  const auto kind = code == ENOSPC || code == EDQUOT ? errc::disk_full
                    : code == ENOENT                 ? errc::not_found
                                                     : errc::disk_failed;
  return fail(kind, std::string{what} + " " + path.string() + ": " + std::strerror(code));
}

int open_append(const fs::path& path) {
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  const int fd = ::open(path.c_str(), flags, 0640);
  if (fd >= 0 || errno != ENOENT) return fd;
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
  return ::open(path.c_str(), flags, 0640);
}

class posix_disk final : public disk {
 public:
  result<std::uint64_t> append(const fs::path& path, std::span<const byte_view> parts) override {
    const descriptor file{open_append(path)};
    if (!file) return failed("open", path);
    std::vector<iovec> pending;
    pending.reserve(parts.size());
    for (const auto part : parts)
      if (!part.empty())
        pending.push_back(
            {const_cast<std::uint8_t*>(part.data()), part.size()});  // writev reads only
    for (std::size_t next = 0; next < pending.size();) {
      const auto count = std::min<std::size_t>(pending.size() - next, 1024);  // IOV_MAX on Linux
      const auto wrote = ::writev(file.get(), &pending[next], static_cast<int>(count));
      if (wrote < 0) {
        if (errno == EINTR) continue;
        return failed("write", path);
      }
      auto left = static_cast<std::size_t>(wrote);
      while (left > 0) {
        const auto step = std::min(left, pending[next].iov_len);
        pending[next].iov_base = static_cast<std::uint8_t*>(pending[next].iov_base) + step;
        pending[next].iov_len -= step;
        left -= step;
        if (pending[next].iov_len == 0) ++next;
      }
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failed("stat", path);
    return static_cast<std::uint64_t>(status.st_size);
  }

  result<std::vector<std::uint8_t>> read(const fs::path& path, std::uint64_t offset,
                                         std::size_t length) override {
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return failed("open", path);
    std::vector<std::uint8_t> bytes(length);
    std::size_t have = 0;
    while (have < length) {
      const auto got = ::pread(file.get(), bytes.data() + have, length - have,
                               static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("read", path);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
  }

  result<std::uint64_t> size(const fs::path& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return failed("stat", path);
    return static_cast<std::uint64_t>(status.st_size);
  }

  result<void> truncate(const fs::path& path, std::uint64_t size) override {
    if (::truncate(path.c_str(), static_cast<off_t>(size)) != 0) return failed("truncate", path);
    return {};
  }

  result<void> remove(const fs::path& path) override {
    if (::remove(path.c_str()) != 0 && errno != ENOENT) return failed("remove", path);
    return {};
  }

  result<void> sync(const fs::path& path) override {
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return failed("open", path);
    if (::fdatasync(file.get()) != 0) return failed("sync", path);
    return {};
  }

  result<std::vector<std::string>> list(const fs::path& folder) override {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::directory_iterator entry{folder, code}, end; !code && entry != end;
         entry.increment(code))
      names.push_back(entry->path().filename().string());
    if (code && code != std::errc::no_such_file_or_directory)
      return failed("list", folder, code.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  result<std::uint64_t> free_bytes(const fs::path& folder) override {
    std::error_code code;
    const auto space = fs::space(folder, code);
    if (code) return failed("space", folder, code.value());
    return std::uint64_t{space.available};
  }
};

}  // namespace

std::unique_ptr<disk> make_posix_disk() { return std::make_unique<posix_disk>(); }

}  // namespace vigie

// SPDX-License-Identifier: Apache-2.0
#include "verify/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace verify {

mapped_file::mapped_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw std::runtime_error{"cannot open " + path.string()};
  struct stat status {};
  const bool is_known = ::fstat(fd, &status) == 0;
  if (is_known && status.st_size > 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    address_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
  }
  ::close(fd);
  if (!is_known || address_ == MAP_FAILED) throw std::runtime_error{"cannot map " + path.string()};
}

mapped_file::~mapped_file() {
  if (address_ != nullptr) ::munmap(address_, size_);
}

}  // namespace verify

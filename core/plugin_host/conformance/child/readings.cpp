// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/readings.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdlib>

#include "plugin_host/screen.hpp"

namespace vigie::plugin_host::conformance::child {

readings::readings()
    : threads_{::opendir("/proc/self/task")},
      descriptors_{::opendir("/proc/self/fd")},
      sizes_{::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)} {}

readings::~readings() {
  if (threads_ != nullptr) ::closedir(threads_);
  if (descriptors_ != nullptr) ::closedir(descriptors_);
  if (sizes_ >= 0) ::close(sizes_);
}

std::size_t readings::count(DIR* folder) {
  if (folder == nullptr) return 0;
  ::rewinddir(folder);
  std::size_t entries = 0;
  while (const auto* one = ::readdir(folder)) entries += one->d_name[0] == '.' ? 0 : 1;
  return entries;
}

std::uint64_t readings::heap_bytes() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::uint64_t readings::address_space_bytes() const {
  std::array<char, 128> text{};
  if (sizes_ < 0 || ::pread(sizes_, text.data(), text.size() - 1, 0) <= 0) return 0;
  return std::strtoull(text.data(), nullptr, 10) * 4096;
}

bool grows(std::uint64_t before, std::uint64_t middle, std::uint64_t after, std::size_t rounds,
           std::uint64_t least_per_round) {
  const auto least = least_per_round * rounds;
  return middle >= before + least && after >= middle + least;
}

std::string process_wide_state() {
  std::string state;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    if (action.sa_handler != SIG_DFL)
      state += "signal " + std::to_string(number) +
               (action.sa_handler == SIG_IGN ? " ignored, " : " handled, ");
  }
  return state + "locale " + std::setlocale(LC_ALL, nullptr);
}

silence::silence() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return;
  ::dup2(ends[1], STDOUT_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  ::close(ends[1]);
  reads_ = ends[0];
}

std::string silence::heard() {
  std::array<char, 200> text{};
  const auto got = reads_ < 0 ? 0 : ::read(reads_, text.data(), text.size());
  return got <= 0 ? std::string{} : printable({text.data(), static_cast<std::size_t>(got)}, 200);
}

}  // namespace vigie::plugin_host::conformance::child

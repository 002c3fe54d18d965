// SPDX-License-Identifier: Apache-2.0
// Changes the address while it is being judged.
#include "evil.hpp"

#include <atomic>

const evil::script evil::plan{.in_call = [] {
  static sockaddr_in to = evil::place("port", "127.0.0.1");
  static std::atomic<bool> over{false};
  std::thread swaps{[] {
    auto* const last = reinterpret_cast<volatile unsigned char*>(&to.sin_addr) + 3;
    while (!over) *last = static_cast<unsigned char>(3 - *last);  // 127.0.0.1 and 127.0.0.2
  }};
  for (int i = 0; i < 300; ++i) {
    const int line = ::socket(AF_INET, SOCK_DGRAM, 0);
    if (::connect(line, evil::as_address(to), sizeof to) == 0) ::send(line, "race", 4, 0);
    ::sendto(line, "race", 4, 0, evil::as_address(to), sizeof to);
    ::close(line);
  }
  over = true;
  swaps.join();
}};

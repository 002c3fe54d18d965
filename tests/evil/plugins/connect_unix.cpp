// SPDX-License-Identifier: Apache-2.0
// Connects to a socket in the file system.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  sockaddr_un to{AF_UNIX, {}};
  std::strncpy(to.sun_path, evil::setting("unix").c_str(), sizeof to.sun_path - 1);
  const int line = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  if (::connect(line, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
    evil::escaped("connected");
}};

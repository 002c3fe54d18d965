// SPDX-License-Identifier: Apache-2.0
// vigie-picture-decoder: the child in which cameras' pictures are decoded.
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdio>

#include "analytics/child/picture_service.hpp"
#include "plugin_host/child_process.hpp"

int main() {
  constexpr int channel = vigie::plugin_host::child_channel_fd;
  struct stat about {};
  if (::fstat(channel, &about) == 0 && S_ISSOCK(about.st_mode)) {
    // Measuring pictures is the first thing shed: it takes what recording leaves of the processors.
    constexpr int last_in_line = 19;
    ::setpriority(PRIO_PROCESS, 0, last_in_line);
    return vigie::analytics::child::serve_pictures(channel);
  }
  std::fputs(
      "vigie-picture-decoder is started by `vigie` itself; it decodes pictures in a sandbox.\n"
      "usage: vigie-picture-decoder   (with its channel as descriptor 3)\n",
      stderr);
  return 64;
}

// SPDX-License-Identifier: Apache-2.0
// vigie-plugin-host: the child that touches untrusted bytes for the centre. Started by `vigie`
// only.
extern "C" {
#include <libavutil/log.h>
}

#include <cstdio>
#include <string_view>

#include "analytics/child/picture_service.hpp"
#include "plugin_host/child_process.hpp"

int main(int argc, char** argv) {
  if (argc != 2 || std::string_view{argv[1]} != "picture-probe") {
    std::fputs(
        "vigie-plugin-host is started by `vigie` itself; it runs untrusted work in a sandbox.\n"
        "usage: vigie-plugin-host picture-probe   (with its channel as descriptor 3)\n",
        stderr);
    return 64;
  }
  av_log_set_level(AV_LOG_QUIET);  // a camera's broken frame is a measure, not a line of log
  return vigie::analytics::child::serve_pictures(vigie::plugin_host::child_channel_fd);
}

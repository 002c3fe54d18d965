// SPDX-License-Identifier: Apache-2.0
// vigie-plugin-host: the child that runs untrusted work for the centre, one kind per process.
// Started by `vigie` only.
#include <cstdio>
#include <string_view>

#include "analytics/child/picture_service.hpp"
#include "plugin_host/child/plugin_service.hpp"
#include "plugin_host/child_process.hpp"

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  constexpr int channel = vigie::plugin_host::child_channel_fd;
  if (mode == "plugin") return vigie::plugin_host::child::serve_plugin(channel);
  if (mode == "picture-probe") return vigie::analytics::child::serve_pictures(channel);
  std::fputs(
      "vigie-plugin-host is started by `vigie` itself; it runs untrusted work in a sandbox.\n"
      "usage: vigie-plugin-host plugin | picture-probe   (with its channel as descriptor 3)\n",
      stderr);
  return 64;
}

// SPDX-License-Identifier: Apache-2.0
// vigie-plugin-host: the child that runs one untrusted plugin for the centre.
#include <cstdio>
#include <string_view>

#include "plugin_host/child/plugin_service.hpp"
#include "plugin_host/child_process.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view{argv[1]} == "plugin")
    return vigie::plugin_host::child::serve_plugin(vigie::plugin_host::child_channel_fd);
  std::fputs(
      "vigie-plugin-host is started by `vigie` itself; it runs one plugin in a sandbox.\n"
      "usage: vigie-plugin-host plugin   (with its channel as descriptor 3)\n",
      stderr);
  return 64;
}

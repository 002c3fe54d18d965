// SPDX-License-Identifier: Apache-2.0
// vigie-plugin-host: the child that runs one untrusted plugin for the centre.
#include <cstdio>
#include <string_view>

#include "plugin_host/child/plugin_service.hpp"
#include "plugin_host/child_process.hpp"
#include "plugin_host/conformance/child/check_service.hpp"

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  constexpr int channel = vigie::plugin_host::child_channel_fd;
  if (mode == "plugin") return vigie::plugin_host::child::serve_plugin(channel);
  if (mode == "check") vigie::plugin_host::conformance::child::serve_check(channel);
  std::fputs(
      "vigie-plugin-host is started by `vigie` itself; it runs or checks one plugin in a sandbox.\n"
      "usage: vigie-plugin-host plugin | check   (with its channel as descriptor 3)\n",
      stderr);
  return 64;
}

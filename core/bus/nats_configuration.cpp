// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "bus/bus.hpp"
#include "bus/managed_server.hpp"

namespace vigie::bus {

std::string nats_configuration(const managed_server_options& options, const secret& vigie_password,
                               const secret& console_password) {
  // Two unanswered pings end a client that froze, so that its place and its memory come back.
  return fmt::format(R"(# Written by Vigie at each of its starts; changes made here are lost.
server_name: vigie
listen: "127.0.0.1:{port}"
max_payload: {max_payload}
ping_interval: "5s"
ping_max: 2
write_deadline: "2s"
websocket {{
  listen: "127.0.0.1:{websocket_port}"
  no_tls: true
}}
authorization {{
  timeout: 2
  users: [
    {{ user: "{vigie}", password: "{vigie_password}" }}
    {{
      user: "{console}"
      password: "{console_password}"
      permissions: {{
        publish: {{ allow: ["vigie.v1.request.{console}.>"] }}
        subscribe: {{ allow: ["vigie.v1.state.>", "vigie.v1.event.>", "vigie.v1.node.>", "_INBOX.>"] }}
      }}
    }}
  ]
}}
)",
                     fmt::arg("port", options.port), fmt::arg("max_payload", max_message_bytes),
                     fmt::arg("websocket_port", options.websocket_port),
                     fmt::arg("vigie", managed_server::vigie_user),
                     fmt::arg("console", managed_server::console_user),
                     fmt::arg("vigie_password", vigie_password.reveal()),
                     fmt::arg("console_password", console_password.reveal()));
}

}  // namespace vigie::bus

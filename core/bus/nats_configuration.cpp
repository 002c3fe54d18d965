// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "bus/bus.hpp"
#include "bus/managed_server.hpp"

namespace vigie::bus {

result<std::string> nats_configuration(const managed_server_options& options,
                                       const secret& vigie_password,
                                       std::span<const bus_user> people) {
  std::vector<bus_user> users{{std::string{managed_server::vigie_user}, vigie_password.reveal()}};
  users.insert(users.end(), people.begin(), people.end());
  auto authorization = nats_authorization(users);
  if (!authorization) return authorization;
  // Two unanswered pings end a client that froze, so that its place and its memory come back.
  return fmt::format(R"(# Written by Vigie; changes made here are lost.
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
{authorization})",
                     fmt::arg("port", options.port), fmt::arg("max_payload", max_message_bytes),
                     fmt::arg("websocket_port", options.websocket_port),
                     fmt::arg("authorization", *authorization));
}

}  // namespace vigie::bus

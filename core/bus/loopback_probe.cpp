// SPDX-License-Identifier: Apache-2.0
#include "bus/loopback_probe.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <string_view>

#include "bus/child_process.hpp"

namespace vigie::bus {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

bool is_port_free(std::uint16_t port) {
  const owned_fd socket_fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int on = 1;  // as the server does: connections of a predecessor in TIME_WAIT do not count
  setsockopt(socket_fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto address = loopback(port);
  return bind(socket_fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         listen(socket_fd.get(), 1) == 0;
}

bool greets(std::uint16_t port, std::chrono::milliseconds wait) {
  const owned_fd socket_fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const timeval limit{static_cast<time_t>(wait.count() / 1000),
                      static_cast<suseconds_t>(wait.count() % 1000 * 1000)};
  setsockopt(socket_fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket_fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto address = loopback(port);
  if (connect(socket_fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return false;
  char greeting[5] = {};
  const auto received = recv(socket_fd.get(), greeting, sizeof greeting, MSG_WAITALL);
  return received == sizeof greeting && std::string_view{greeting, sizeof greeting} == "INFO ";
}

}  // namespace vigie::bus

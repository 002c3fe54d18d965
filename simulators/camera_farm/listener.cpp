// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/listener.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace vigie::simulators {

namespace {

constexpr std::uint32_t loopback_net = 127U << 24;
constexpr std::uint32_t class_a = 0xff000000U;

std::string text_of(std::uint32_t address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  const in_addr network{htonl(address)};
  ::inet_ntop(AF_INET, &network, text.data(), text.size());
  return text.data();
}

}  // namespace

result<std::unique_ptr<listener>> listener::open(event_loop& loop, std::uint32_t address,
                                                 std::uint16_t port, take with) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address == 0) {
    constexpr char loopback[] = "lo";  // nothing from outside even reaches the socket
    ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, loopback, sizeof loopback);
  }
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(address);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) < 0 ||
      ::listen(fd, address == 0 ? SOMAXCONN : 16) < 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return fail(errc::io_failed,
                fmt::format("cannot listen on {}:{}: {}", text_of(address), port, why));
  }
  std::unique_ptr<listener> made{new listener{loop, address, fd, std::move(with)}};
  loop.add(fd, EPOLLIN, *made);
  return made;
}

listener::~listener() {
  loop_.remove(fd_);
  ::close(fd_);
}

void listener::on_ready(std::uint32_t) {
  for (;;) {
    const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    std::uint32_t called = address_;
    if (called == 0) {
      sockaddr_in local{};
      socklen_t length = sizeof local;
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &length);
      called = ntohl(local.sin_addr.s_addr);
    }
    if ((called & class_a) == loopback_net)
      take_(fd, called);
    else
      ::close(fd);
  }
}

}  // namespace vigie::simulators

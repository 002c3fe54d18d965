// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vigie::simulators {

bool is_held_by_peer(int socket) noexcept {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return false;
  return info.tcpi_state == TCP_ESTABLISHED;
}

link::link(int fd, const tls_server* tls)
    : fd_{fd}, tls_{tls == nullptr ? nullptr : tls->accept(fd)} {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::ptrdiff_t link::send(byte_span data) {
  if (tls_) return tls_->send(data);
  const ssize_t taken = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (taken >= 0) return taken;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

std::ptrdiff_t link::receive(std::span<std::uint8_t> into) {
  if (tls_) return tls_->receive(into);
  const ssize_t got = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
  if (got > 0) return got;
  return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void link::close(bool reset) {
  if (fd_ < 0) return;
  tls_.reset();
  if (reset) {
    const linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  ::close(std::exchange(fd_, -1));
}

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "ingest/detail/wire.hpp"

namespace vigie::ingest::detail {
namespace {

/// What a failed call says: nothing yet, or the end.
wire::outcome after_failure(int number) noexcept {
  if (number == EAGAIN || number == EWOULDBLOCK || number == EINTR) return {};
  return {0, false, errc_of_system(number)};
}

}  // namespace

errc errc_of_system(int number) noexcept {
  switch (number) {
    case ECONNREFUSED:
      return errc::io_refused;
    case ECONNRESET:
    case EPIPE:
      return errc::io_reset;
    case ETIMEDOUT:
      return errc::io_timeout;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
      return errc::io_unreachable;
    default:
      return errc::io_failed;
  }
}

wire::wire(wire&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, tls_{std::move(other.tls_)} {}

wire& wire::operator=(wire&& other) noexcept {
  if (this != &other) {
    close();
    socket_ = std::exchange(other.socket_, -1);
    tls_ = std::move(other.tls_);
  }
  return *this;
}

void wire::close() noexcept {
  tls_.reset();
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

wire::outcome wire::read(std::span<std::uint8_t> into) {
  if (tls_) return tls_->read(into);
  const auto count = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
  if (count < 0) return after_failure(errno);
  if (count == 0) return {0, false, errc::io_closed};
  return {static_cast<std::size_t>(count), false, {}};
}

wire::outcome wire::write(std::span<const std::uint8_t> bytes) {
  if (tls_) return tls_->write(bytes);
  const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) return after_failure(errno);
  return {static_cast<std::size_t>(count), false, {}};
}

void wire::set_low_water(int bytes) noexcept {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes);
}

}  // namespace vigie::ingest::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "camera_farm/bits.hpp"
#include "camera_farm/tls_server.hpp"

namespace vigie::simulators {

/// False once the peer sent FIN or RST, read or not.
bool is_held_by_peer(int socket) noexcept;

/// One accepted connection, plain or under TLS. Never blocks.
class link {
 public:
  /// Owns `fd`; `tls` null: plain.
  link(int fd, const tls_server* tls);
  ~link() { close(false); }
  link(const link&) = delete;
  link& operator=(const link&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  /// Bytes taken; 0: none now; -1: the connection is over.
  std::ptrdiff_t send(byte_span data);
  /// Bytes received; 0: none now; -1: the connection is over.
  std::ptrdiff_t receive(std::span<std::uint8_t> into);
  /// `reset` makes the end an RST.
  void close(bool reset);

 private:
  int fd_;
  std::unique_ptr<tls_connection> tls_;
};

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "ingest/detail/tls_channel.hpp"

namespace vigie::ingest::detail {

/// A system error number in the words of a feed.
errc errc_of_system(int number) noexcept;

/// A connected, non-blocking TCP socket, bare or under TLS; closed with its owner. [ingest]
class wire {
 public:
  /// `count` 0 without `end`: would block. `end`: io_closed (FIN), io_reset (RST), io_timeout …
  using outcome = tls_outcome;

  wire() = default;
  explicit wire(int socket) noexcept : socket_{socket} {}
  wire(wire&& other) noexcept;
  wire& operator=(wire&& other) noexcept;
  ~wire() { close(); }

  bool is_open() const noexcept { return socket_ >= 0; }
  int socket() const noexcept { return socket_; }
  void close() noexcept;

  /// From here on everything goes through `channel`, which must be on this socket.
  void secure(std::unique_ptr<tls_channel> channel) noexcept { tls_ = std::move(channel); }
  outcome shake_hands() { return tls_->shake_hands(); }

  outcome read(std::span<std::uint8_t> into);
  outcome write(std::span<const std::uint8_t> bytes);
  /// Bytes wait that readiness does not tell of.
  bool has_pending() const noexcept { return tls_ && tls_->has_pending(); }

  /// Not readable before this many bytes wait, or the peer ended, or the window is nearly full
  /// (SO_RCVLOWAT, socket(7)); the kernel makes room for them. 1: at every arrival.
  void set_low_water(int bytes) noexcept;

 private:
  int socket_ = -1;
  std::unique_ptr<tls_channel> tls_;
};

}  // namespace vigie::ingest::detail

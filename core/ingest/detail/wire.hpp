// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.hpp"

namespace vigie::ingest::detail {

/// A system error number in the words of a feed.
errc errc_of_system(int number) noexcept;

/// A connected, non-blocking TCP socket; closed with its owner. [ingest]
class wire {
 public:
  struct outcome {
    std::size_t count = 0;    ///< 0 without `end`: would block
    std::optional<errc> end;  ///< io_closed (FIN), io_reset (RST), io_timeout …
  };

  wire() = default;
  explicit wire(int socket) noexcept : socket_{socket} {}
  wire(wire&& other) noexcept;
  wire& operator=(wire&& other) noexcept;
  ~wire() { close(); }

  bool is_open() const noexcept { return socket_ >= 0; }
  int socket() const noexcept { return socket_; }
  void close() noexcept;

  outcome read(std::span<std::uint8_t> into) noexcept;
  outcome write(std::span<const std::uint8_t> bytes) noexcept;

  /// Not readable before this many bytes wait, or the peer ended, or the window is nearly full
  /// (SO_RCVLOWAT, socket(7)); the kernel makes room for them. 1: at every arrival.
  void set_low_water(int bytes) noexcept;

 private:
  int socket_ = -1;
};

}  // namespace vigie::ingest::detail

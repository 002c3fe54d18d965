// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace vigie::rtsp {

/// The two flows of one track over UDP (RFC 3550 §11).
enum class datagram_channel : std::uint8_t { rtp = 1, rtcp };

struct datagram_ports {
  std::uint16_t rtp = 0;  ///< even
  std::uint16_t rtcp = 0;
  friend bool operator==(const datagram_ports&, const datagram_ports&) = default;
};

/// One datagram as the shell received it.
struct datagram {
  datagram_channel channel = datagram_channel::rtp;
  /// The sender's address is that of the RTSP connection's peer; only the shell can compare them.
  bool is_from_peer = true;
  std::uint16_t source_port = 0;
  byte_view bytes;
};

}  // namespace vigie::rtsp

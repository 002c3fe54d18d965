// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace vigie::rtp {

/// One RTP packet (RFC 3550 §5.1). A view: `payload` and `extension` point into the parsed bytes.
struct packet_view {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence_number = 0;
  std::uint32_t rtp_ts = 0;
  std::uint32_t ssrc = 0;
  std::uint16_t extension_profile = 0;  ///< 0 when there is no extension
  byte_view extension;                  ///< after its 4-byte header
  byte_view payload;                    ///< without CSRC list, extension and padding; may be empty
};

/// Parses a packet of at most 65,535 bytes. Errors: rtp_malformed – the stream stays usable.
/// [ingest]
result<packet_view> parse_packet(byte_view bytes);

}  // namespace vigie::rtp

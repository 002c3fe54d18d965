// SPDX-License-Identifier: Apache-2.0
// RFC 6184: how H.264 NAL units lie in RTP payloads.
#include "rtp/depacketizer.hpp"

#include <array>

namespace vigie::rtp {
namespace {

// Payload types of RFC 6184 table 1 that are not a NAL unit.
constexpr std::uint8_t stap_a = 24;
constexpr std::uint8_t fu_a = 28;
constexpr std::uint8_t fu_start = 0x80;
constexpr std::uint8_t fu_end = 0x40;

}  // namespace

void depacketizer::read_h264(byte_view payload) {
  const std::uint8_t type = payload[0] & 0x1f;
  if (in_fragment_ && type != fu_a) drop_fragment();
  if (type < stap_a) {
    whole_nal(payload);
  } else if (type == stap_a) {
    read_stap_a(payload.subspan(1));
  } else if (type == fu_a) {
    read_fu_a(payload);
  } else {
    ++anomalies_.unsupported;
    damaged_ = true;
  }
}

void depacketizer::read_stap_a(byte_view payload) {
  while (payload.size() >= 2) {
    const std::size_t size = std::size_t{payload[0]} << 8 | payload[1];
    payload = payload.subspan(2);
    if (size > payload.size() || (size > 0 && (payload[0] & 0x1f) >= stap_a)) return malformed();
    if (size > 0) whole_nal(payload.first(size));  // zero sizes are padding (quirk 72)
    payload = payload.subspan(size);
  }
}

void depacketizer::read_fu_a(byte_view payload) {
  if (payload.size() < 2) {
    ++anomalies_.malformed;
    return;
  }
  const std::uint8_t bits = payload[1];
  const std::array<std::uint8_t, 1> header{
      static_cast<std::uint8_t>((payload[0] & 0xe0) | (bits & 0x1f))};
  fragment((bits & fu_start) != 0, (bits & fu_end) != 0, header, payload.subspan(2));
}

}  // namespace vigie::rtp

// SPDX-License-Identifier: Apache-2.0
// RFC 7798: how H.265 NAL units lie in RTP payloads.
#include <array>

#include "rtp/depacketizer.hpp"

namespace vigie::rtp {
namespace {

// Payload types of RFC 7798 §4.4 that are not a NAL unit.
constexpr std::uint8_t aggregate = 48;
constexpr std::uint8_t fragments = 49;
constexpr std::uint8_t fu_start = 0x80;
constexpr std::uint8_t fu_end = 0x40;
constexpr std::size_t header_bytes = 2;
constexpr std::size_t donl_bytes = 2;
constexpr std::size_t dond_bytes = 1;

}  // namespace

void depacketizer::read_h265(byte_view payload) {
  const std::uint8_t type = (payload[0] >> 1) & 0x3f;
  if (in_fragment_ && type != fragments) drop_fragment();
  if (type < aggregate) {
    if (!options_.has_donl) return whole_nal(payload);
    if (payload.size() < header_bytes + donl_bytes) return malformed();
    begin_nal(payload.first(header_bytes));
    append(payload.subspan(header_bytes + donl_bytes));
    end_nal();
  } else if (type == aggregate) {
    read_aggregate(payload.subspan(header_bytes));
  } else if (type == fragments) {
    read_fu(payload);
  } else {
    ++anomalies_.unsupported;
    damaged_ = true;
  }
}

/// Aggregation packet (RFC 7798 §4.4.2).
void depacketizer::read_aggregate(byte_view payload) {
  std::size_t number_bytes = options_.has_donl ? donl_bytes : 0;
  while (payload.size() >= number_bytes + 2) {
    payload = payload.subspan(number_bytes);
    const std::size_t size = std::size_t{payload[0]} << 8 | payload[1];
    payload = payload.subspan(2);
    if (size > payload.size()) return malformed();
    if (size > 0) {  // zero sizes are padding, as with H.264 (quirk 72)
      if (((payload[0] >> 1) & 0x3f) >= aggregate) return malformed();
      whole_nal(payload.first(size));
    }
    payload = payload.subspan(size);
    if (options_.has_donl) number_bytes = dond_bytes;
  }
}

/// Fragmentation unit (RFC 7798 §4.4.3).
void depacketizer::read_fu(byte_view payload) {
  if (payload.size() < header_bytes + 1) {
    ++anomalies_.malformed;
    return;
  }
  const std::uint8_t bits = payload[2];
  const bool is_start = (bits & fu_start) != 0;
  const std::size_t before = header_bytes + 1 + (options_.has_donl && is_start ? donl_bytes : 0);
  if (payload.size() < before) return malformed();
  const std::array<std::uint8_t, 2> header{
      static_cast<std::uint8_t>((payload[0] & 0x81) | (bits & 0x3f) << 1), payload[1]};
  fragment(is_start, (bits & fu_end) != 0, header, payload.subspan(before));
}

}  // namespace vigie::rtp

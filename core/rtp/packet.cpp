// SPDX-License-Identifier: Apache-2.0
#include "rtp/packet.hpp"

namespace vigie::rtp {
namespace {

std::uint16_t u16_at(byte_view b, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(b[at] << 8 | b[at + 1]);
}
std::uint32_t u32_at(byte_view b, std::size_t at) noexcept {
  return std::uint32_t{u16_at(b, at)} << 16 | u16_at(b, at + 2);
}

}  // namespace

result<packet_view> parse_packet(byte_view bytes) {
  constexpr std::size_t fixed = 12;
  if (bytes.size() < fixed) return fail(errc::rtp_malformed, "too short");
  if (bytes[0] >> 6 != 2) return fail(errc::rtp_malformed, "not version 2");

  packet_view p;
  p.marker = (bytes[1] & 0x80) != 0;
  p.payload_type = bytes[1] & 0x7f;
  p.sequence_number = u16_at(bytes, 2);
  p.rtp_ts = u32_at(bytes, 4);
  p.ssrc = u32_at(bytes, 8);

  std::size_t at = fixed + std::size_t{bytes[0] & 0x0fu} * 4;
  if (at > bytes.size()) return fail(errc::rtp_malformed, "CSRC list");
  if ((bytes[0] & 0x10) != 0) {
    if (at + 4 > bytes.size()) return fail(errc::rtp_malformed, "extension");
    p.extension_profile = u16_at(bytes, at);
    const std::size_t length = std::size_t{u16_at(bytes, at + 2)} * 4;
    at += 4;
    if (at + length > bytes.size()) return fail(errc::rtp_malformed, "extension");
    p.extension = bytes.subspan(at, length);
    at += length;
  }
  std::size_t end = bytes.size();
  if ((bytes[0] & 0x20) != 0) {
    const std::size_t padding = bytes.back();
    if (padding == 0 || padding > end - at) return fail(errc::rtp_malformed, "padding");
    end -= padding;
  }
  p.payload = bytes.subspan(at, end - at);
  return p;
}

}  // namespace vigie::rtp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "rtp/rtcp.hpp"

namespace vigie::test {

using bytes = std::vector<std::uint8_t>;

/// Header fields of a packet to build; the defaults make a plain video packet.
struct rtp_fields {
  bool marker = false;
  std::uint8_t payload_type = 96;
  std::uint16_t sequence_number = 0;
  std::uint32_t rtp_ts = 0;
  std::uint32_t ssrc = 0x11223344;
};

inline void put_u16(bytes& out, std::uint32_t v) {
  out.push_back(static_cast<std::uint8_t>(v >> 8));
  out.push_back(static_cast<std::uint8_t>(v));
}
inline void put_u32(bytes& out, std::uint32_t v) {
  put_u16(out, v >> 16);
  put_u16(out, v);
}

inline bytes make_rtp(const rtp_fields& f, byte_view payload) {
  bytes out{0x80, static_cast<std::uint8_t>((f.marker ? 0x80 : 0) | f.payload_type)};
  put_u16(out, f.sequence_number);
  put_u32(out, f.rtp_ts);
  put_u32(out, f.ssrc);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

/// FU-A payloads of a NAL unit in pieces of `piece` bytes (RFC 6184 §5.8).
inline std::vector<bytes> make_fu_a(byte_view nal, std::size_t piece) {
  std::vector<bytes> out;
  for (std::size_t at = 1; at < nal.size(); at += piece) {
    const std::size_t size = std::min(piece, nal.size() - at);
    const bool is_first = at == 1;
    const bool is_last = at + size == nal.size();
    bytes payload{
        static_cast<std::uint8_t>((nal[0] & 0xe0) | 28),
        static_cast<std::uint8_t>((is_first ? 0x80 : 0) | (is_last ? 0x40 : 0) | (nal[0] & 0x1f))};
    const auto part = nal.subspan(at, size);
    payload.insert(payload.end(), part.begin(), part.end());
    out.push_back(std::move(payload));
  }
  return out;
}

inline bytes make_stap_a(const std::vector<bytes>& nals) {
  bytes out{24};
  for (const bytes& nal : nals) {
    put_u16(out, static_cast<std::uint32_t>(nal.size()));
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

/// FU payloads of an H.265 NAL unit in pieces of `piece` bytes (RFC 7798 §4.4.3); with `donl`, the
/// first one carries that decoding order number.
inline std::vector<bytes> make_fu(byte_view nal, std::size_t piece, int donl = -1) {
  std::vector<bytes> out;
  for (std::size_t at = 2; at < nal.size(); at += piece) {
    const std::size_t size = std::min(piece, nal.size() - at);
    const bool is_first = at == 2;
    const bool is_last = at + size == nal.size();
    bytes payload{static_cast<std::uint8_t>((nal[0] & 0x81) | 49 << 1), nal[1],
                  static_cast<std::uint8_t>((is_first ? 0x80 : 0) | (is_last ? 0x40 : 0) |
                                            (nal[0] >> 1 & 0x3f))};
    if (is_first && donl >= 0) put_u16(payload, static_cast<std::uint32_t>(donl));
    const auto part = nal.subspan(at, size);
    payload.insert(payload.end(), part.begin(), part.end());
    out.push_back(std::move(payload));
  }
  return out;
}

/// Aggregation packet of H.265 NAL units (RFC 7798 §4.4.2).
inline bytes make_ap(const std::vector<bytes>& nals, int donl = -1) {
  bytes out{48 << 1, 1};
  for (std::size_t i = 0; i < nals.size(); ++i) {
    if (donl >= 0 && i == 0) put_u16(out, static_cast<std::uint32_t>(donl));
    if (donl >= 0 && i > 0) out.push_back(0);
    put_u16(out, static_cast<std::uint32_t>(nals[i].size()));
    out.insert(out.end(), nals[i].begin(), nals[i].end());
  }
  return out;
}

inline bytes make_sender_report(std::uint32_t ssrc, std::uint64_t ntp_64, std::uint32_t rtp_ts) {
  bytes out{0x80, 200};
  put_u16(out, 6);
  put_u32(out, ssrc);
  put_u32(out, static_cast<std::uint32_t>(ntp_64 >> 32));
  put_u32(out, static_cast<std::uint32_t>(ntp_64));
  put_u32(out, rtp_ts);
  put_u32(out, 10);
  put_u32(out, 1000);
  return out;
}

inline bytes make_bye(std::uint32_t ssrc) {
  bytes out{0x81, 203};
  put_u16(out, 1);
  put_u32(out, ssrc);
  return out;
}

}  // namespace vigie::test

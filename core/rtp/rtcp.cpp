// SPDX-License-Identifier: Apache-2.0
#include "rtp/rtcp.hpp"

#include <algorithm>

namespace vigie::rtp {
namespace {

constexpr std::uint8_t type_sender_report = 200;
constexpr std::uint8_t type_receiver_report = 201;
constexpr std::uint8_t type_source_description = 202;
constexpr std::uint8_t type_bye = 203;

/// Seconds from 1900-01-01, the NTP epoch, to 1970-01-01 and to 2000-01-01.
constexpr std::int64_t ntp_to_unix_s = 2'208'988'800;
constexpr std::int64_t ntp_to_2000_s = ntp_to_unix_s + 946'684'800;

std::uint32_t u32_at(byte_view b, std::size_t at) noexcept {
  return std::uint32_t{b[at]} << 24 | std::uint32_t{b[at + 1]} << 16 |
         std::uint32_t{b[at + 2]} << 8 | b[at + 3];
}

void put_u16(std::vector<std::uint8_t>& out, std::uint32_t v) {
  out.push_back(static_cast<std::uint8_t>(v >> 8));
  out.push_back(static_cast<std::uint8_t>(v));
}
void put_u32(std::vector<std::uint8_t>& out, std::uint32_t v) {
  put_u16(out, v >> 16);
  put_u16(out, v);
}
/// Header of one part; the length field counts 32-bit words without the first.
void put_header(std::vector<std::uint8_t>& out, std::uint8_t count, std::uint8_t type,
                std::uint32_t words_after) {
  out.push_back(static_cast<std::uint8_t>(0x80 | count));
  out.push_back(type);
  put_u16(out, words_after);
}

void read_part(byte_view part, std::uint8_t count, std::uint8_t type, rtcp_compound& out) {
  if (type == type_sender_report) {
    if (part.size() < 28) {
      ++out.malformed;
      return;
    }
    sender_report sr;
    sr.ssrc = u32_at(part, 4);
    sr.ntp_64 = std::uint64_t{u32_at(part, 8)} << 32 | u32_at(part, 12);
    sr.rtp_ts = u32_at(part, 16);
    sr.packets = u32_at(part, 20);
    sr.bytes = u32_at(part, 24);
    out.sender_reports.push_back(sr);
  } else if (type == type_bye) {
    for (std::size_t i = 0; i < count; ++i) {
      if (8 + i * 4 > part.size()) {
        ++out.malformed;
        return;
      }
      out.byes.push_back(u32_at(part, 4 + i * 4));
    }
  }
}

}  // namespace

rtcp_compound parse_rtcp(byte_view bytes) {
  rtcp_compound out;
  while (!bytes.empty()) {
    if (bytes.size() < 4 || bytes[0] >> 6 != 2) {
      ++out.malformed;
      break;
    }
    std::size_t size = (std::size_t{bytes[2]} << 8 | bytes[3]) * 4 + 4;
    if (size > bytes.size()) {
      // The last part is cut short; its beginning may still hold what we want.
      ++out.malformed;
      size = bytes.size();
    }
    read_part(bytes.first(size), bytes[0] & 0x1f, bytes[1], out);
    bytes = bytes.subspan(size);
  }
  return out;
}

std::optional<utc_us> utc_of_ntp(std::uint64_t ntp_64) noexcept {
  std::int64_t seconds = static_cast<std::int64_t>(ntp_64 >> 32);
  // RFC 4330 §3: with the top bit clear the time is in era 1, from 2036-02-07 on. A camera that
  // counts from its own start would pass for one: the first year of the era is not believed.
  if ((seconds >> 31) == 0) {
    constexpr std::int64_t one_year_s = 31'536'000;
    if (seconds < one_year_s) return std::nullopt;
    seconds += std::int64_t{1} << 32;
  }
  if (seconds < ntp_to_2000_s) return std::nullopt;
  const std::uint64_t fraction = ntp_64 & 0xffffffffu;
  // Rounded, but not into the next second: at the end of an era that one has no NTP time of its
  // own.
  const auto us = static_cast<std::int64_t>((fraction * 1'000'000 + (1ull << 31)) >> 32);
  return (seconds - ntp_to_unix_s) * 1'000'000 + std::min<std::int64_t>(us, 999'999);
}

std::uint64_t ntp_of_utc(utc_us t) noexcept {
  const std::int64_t seconds = t / 1'000'000 + ntp_to_unix_s;
  const std::uint64_t fraction = (static_cast<std::uint64_t>(t % 1'000'000) << 32) / 1'000'000;
  return static_cast<std::uint64_t>(seconds) << 32 | fraction;
}

std::vector<std::uint8_t> make_receiver_report(std::uint32_t own_ssrc, std::string_view cname,
                                               const std::optional<report_block>& block) {
  std::vector<std::uint8_t> out;
  out.reserve(64);
  put_header(out, block ? 1 : 0, type_receiver_report, block ? 7 : 1);
  put_u32(out, own_ssrc);
  if (block) {
    put_u32(out, block->ssrc);
    // 24 bits, signed: duplicates could make it negative, ours cannot be.
    const std::uint32_t lost = std::min(block->cumulative_lost, 0x7fffffu);
    put_u32(out, std::uint32_t{block->fraction_lost} << 24 | lost);
    put_u32(out, block->highest_sequence);
    put_u32(out, block->jitter);
    put_u32(out, block->last_sr);
    put_u32(out, block->delay_since_last_sr);
  }
  // SDES: one chunk, one CNAME item (type 1), ended by at least one zero, padded to 32 bits.
  cname = cname.substr(0, 255);
  const std::size_t padded = (cname.size() + 2 + 1 + 3) / 4 * 4;
  put_header(out, 1, type_source_description, static_cast<std::uint32_t>(1 + padded / 4));
  put_u32(out, own_ssrc);
  out.push_back(1);
  out.push_back(static_cast<std::uint8_t>(cname.size()));
  out.insert(out.end(), cname.begin(), cname.end());
  out.insert(out.end(), padded - 2 - cname.size(), 0);
  return out;
}

}  // namespace vigie::rtp

// SPDX-License-Identifier: Apache-2.0
#include "rtp/h264_sprop.hpp"

#include <cstdint>
#include <vector>

#include "media/h264.hpp"

namespace vigie::rtp {
namespace {

constexpr std::size_t max_sprop_chars = 16 * 1024;

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

/// Decodes up to the first character that is not of the alphabet: padding may be missing or wrong.
std::vector<std::uint8_t> lenient_base64(std::string_view text) {
  std::vector<std::uint8_t> out;
  std::uint32_t word = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) break;
    word = word << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(word >> bits));
    }
  }
  return out;
}

}  // namespace

std::optional<media::codec_parameters> parameters_from_sprop(std::string_view sprop) {
  sprop = sprop.substr(0, max_sprop_chars);
  std::vector<std::uint8_t> sps;
  std::vector<std::vector<std::uint8_t>> pps;
  while (!sprop.empty()) {
    const std::size_t comma = sprop.find(',');
    std::string_view item = sprop.substr(0, comma);
    sprop = comma == std::string_view::npos ? std::string_view{} : sprop.substr(comma + 1);
    while (!item.empty() && (item.front() == ' ' || item.front() == '"')) item.remove_prefix(1);
    const auto bytes = lenient_base64(item);
    for (const byte_view nal : media::split_annexb(bytes)) {
      const auto type = media::h264_nal_of(nal[0]);
      if (type == media::h264_nal::sps && nal.size() >= 4 && sps.empty())
        sps.assign(nal.begin(), nal.end());
      if (type == media::h264_nal::pps && media::h264_pps_id(nal) && pps.size() < 16)
        pps.emplace_back(nal.begin(), nal.end());
    }
  }
  if (sps.empty() || pps.empty()) return std::nullopt;
  return media::make_h264_parameters(sps, std::vector<byte_view>(pps.begin(), pps.end()));
}

}  // namespace vigie::rtp

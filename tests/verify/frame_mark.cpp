// SPDX-License-Identifier: Apache-2.0
#include "verify/frame_mark.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace verify {
namespace {

/// What a NAL unit is to us.
struct nal_kind {
  bool is_slice = false;
  bool is_key = false;
  bool is_sei = false;
  std::size_t header_bytes = 1;
};

/// H.264 table 7-1: 1 slice, 5 slice of a key picture, 6 SEI. H.265 table 7-1: below 32 slices, of
/// them 16 to 21 where decoding can start; 39 prefix SEI.
nal_kind kind_of(std::uint8_t first_byte, bool is_h265) {
  if (!is_h265) {
    const unsigned type = first_byte & 0x1f;
    return {type == 1 || type == 5, type == 5, type == 6, 1};
  }
  const unsigned type = (first_byte >> 1) & 0x3f;
  return {type < 32, type >= 16 && type <= 21, type == 39, 2};
}

constexpr std::uint32_t user_data_unregistered = 5;
constexpr std::string_view uuid = "VIGIE-SIM-FRAME1";
constexpr std::size_t longest_sei = 4096;

/// "<name>=<digits hexadecimal digits>" at the start of `text`; moves past it and one space.
template <class Number>
bool take_field(std::string_view& text, char name, std::size_t digits, Number& value) {
  if (text.size() < digits + 2 || text[0] != name || text[1] != '=') return false;
  const auto* from = text.data() + 2;
  const auto parsed = std::from_chars(from, from + digits, value, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != from + digits) return false;
  text.remove_prefix(std::min(digits + 3, text.size()));
  return true;
}

std::optional<frame_mark> mark_from(std::string_view payload) {
  if (!payload.starts_with(uuid)) return {};
  payload.remove_prefix(uuid.size());
  frame_mark mark;
  if (!take_field(payload, 'c', 8, mark.camera) || !take_field(payload, 'f', 16, mark.counter) ||
      !take_field(payload, 't', 16, mark.sent_utc_us))
    return {};
  return mark;
}

/// Without emulation prevention (ITU-T H.264 §7.4.1).
std::vector<std::uint8_t> raw_bytes(std::span<const std::uint8_t> nal) {
  std::vector<std::uint8_t> raw;
  std::size_t zeros = 0;
  for (const auto byte : nal.first(std::min(nal.size(), longest_sei))) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    raw.push_back(byte);
  }
  return raw;
}

/// Messages of an SEI NAL unit (H.264 and H.265 §7.3.2.3.1 and §7.3.2.4), until ours.
std::optional<frame_mark> mark_in(std::span<const std::uint8_t> nal, std::size_t header_bytes) {
  const auto raw = raw_bytes(nal);
  std::size_t at = header_bytes;
  const auto number = [&] {
    std::uint32_t value = 0;
    while (at < raw.size() && raw[at] == 0xff) value += raw[at++];
    if (at < raw.size()) value += raw[at++];
    return value;
  };
  while (at + 2 < raw.size()) {
    const auto type = number();
    const auto size = number();
    if (raw.size() - at < size) return {};
    if (type == user_data_unregistered)
      if (auto mark = mark_from({reinterpret_cast<const char*>(raw.data() + at), size}))
        return mark;
    at += size;
  }
  return {};
}

}  // namespace

picture read_picture(std::span<const std::uint8_t> sample, bool is_h265) {
  picture out;
  while (!sample.empty()) {
    if (sample.size() < 5) return out;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | sample[i];
    if (size == 0 || size > sample.size() - 4) return out;
    const auto nal = sample.subspan(4, size);
    const auto kind = kind_of(nal[0], is_h265);
    out.is_key = out.is_key || kind.is_key;
    out.has_slice = out.has_slice || kind.is_slice;
    if (kind.is_sei && !out.mark) out.mark = mark_in(nal, kind.header_bytes);
    sample = sample.subspan(4 + size);
  }
  out.is_sound = out.has_slice;
  return out;
}

}  // namespace verify

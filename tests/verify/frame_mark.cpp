// SPDX-License-Identifier: Apache-2.0
#include "verify/frame_mark.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

namespace verify {
namespace {

constexpr std::uint8_t slice_nal = 1;
constexpr std::uint8_t idr_nal = 5;
constexpr std::uint8_t sei_nal = 6;
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

/// Messages of an SEI NAL unit (§7.3.2.3.1), until ours.
std::optional<frame_mark> mark_in(std::span<const std::uint8_t> nal) {
  const auto raw = raw_bytes(nal);
  std::size_t at = 1;
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

picture read_picture(std::span<const std::uint8_t> sample) {
  picture out;
  while (!sample.empty()) {
    if (sample.size() < 5) return out;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | sample[i];
    if (size == 0 || size > sample.size() - 4) return out;
    const auto nal = sample.subspan(4, size);
    const auto type = static_cast<std::uint8_t>(nal[0] & 0x1f);
    out.is_key = out.is_key || type == idr_nal;
    out.has_slice = out.has_slice || type == slice_nal || type == idr_nal;
    if (type == sei_nal && !out.mark) out.mark = mark_in(nal);
    sample = sample.subspan(4 + size);
  }
  out.is_sound = out.has_slice;
  return out;
}

}  // namespace verify

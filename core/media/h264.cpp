// SPDX-License-Identifier: Apache-2.0
#include "media/h264.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "media/bit_reader.hpp"

namespace vigie::media {
namespace {

/// True when one of the 8 bytes is zero. A coded picture has few zeros, so that looking at 8 bytes
/// at a time keeps the search for start codes far below the cost of receiving the bytes.
bool has_zero_byte(const std::uint8_t* p) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return ((word - 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

byte_view without_outer_zeros(byte_view bytes) noexcept {
  while (!bytes.empty() && bytes.front() == 0) bytes = bytes.subspan(1);
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  return bytes;
}

}  // namespace

std::optional<std::uint32_t> h264_pps_id(byte_view nal) {
  if (nal.size() < 2 || h264_nal_of(nal[0]) != h264_nal::pps) return std::nullopt;
  const auto payload =
      remove_emulation_prevention(nal.subspan(1, std::min<std::size_t>(nal.size() - 1, 16)));
  bit_reader r{payload};
  const std::uint32_t id = r.exp_golomb();
  if (r.failed() || id > 255) return std::nullopt;
  return id;
}

std::string h264_codecs_text(byte_view sps) {
  if (sps.size() < 4) return {};
  return fmt::format("avc1.{:02x}{:02x}{:02x}", sps[1], sps[2], sps[3]);
}

codec_parameters make_h264_parameters(byte_view sps, const std::vector<byte_view>& pps) {
  codec_parameters out;
  out.kind = codec::h264;
  out.sps.assign(sps.begin(), sps.end());
  out.pps.assign(pps.front().begin(), pps.front().end());
  for (std::size_t i = 1; i < pps.size(); ++i)
    out.extra_pps.emplace_back(pps[i].begin(), pps[i].end());
  out.codecs = h264_codecs_text(sps);
  if (const auto parsed = parse_h264_sps(sps)) {
    out.width_px = parsed->width_px;
    out.height_px = parsed->height_px;
  }
  return out;
}

std::optional<forbidden_sequence> find_forbidden_sequence(byte_view bytes, std::size_t from) {
  const std::uint8_t* const p = bytes.data();
  const std::size_t size = bytes.size();
  std::size_t i = from;
  while (i + 3 <= size) {
    if (i + 8 <= size && !has_zero_byte(p + i)) {
      i += 8;
      continue;
    }
    const std::size_t stop = std::min(i + 8, size - 2);
    for (; i < stop; ++i)
      if (p[i] == 0 && p[i + 1] == 0 && p[i + 2] <= 2) return forbidden_sequence{i, p[i + 2]};
  }
  return std::nullopt;
}

std::vector<byte_view> split_annexb(byte_view stream) {
  std::vector<byte_view> nals;
  std::size_t start = 0;
  const auto take = [&](std::size_t end) {
    const byte_view nal = without_outer_zeros(stream.subspan(start, end - start));
    if (!nal.empty()) nals.push_back(nal);
  };
  for (auto found = find_forbidden_sequence(stream); found;
       found = find_forbidden_sequence(stream, found->offset + 1)) {
    if (found->third != 1) continue;
    take(found->offset);
    start = found->offset + 3;
  }
  take(stream.size());
  return nals;
}

}  // namespace vigie::media

// SPDX-License-Identifier: Apache-2.0
#include "media/h264.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "media/bit_reader.hpp"

namespace vigie::media {
namespace {

byte_view without_outer_zeros(byte_view bytes) noexcept {
  while (!bytes.empty() && bytes.front() == 0) bytes = bytes.subspan(1);
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  return bytes;
}

constexpr std::size_t scan_block = 64;

/// Whether two zeros stand side by side in the `scan_block` + 1 bytes at `at`. Every byte of every
/// camera passes here, and one in fifty is zero: looking for pairs, a vector at a time, costs a
/// fraction of stopping at each of them. Vectors of GCC and clang: any processor has them.
bool has_zero_pair(const std::uint8_t* at) noexcept {
  using vector = std::uint8_t __attribute__((vector_size(16)));
  vector pairs{};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < scan_block; i += sizeof(vector)) {
    vector here, next;
    std::memcpy(&here, at + i, sizeof here);
    std::memcpy(&next, at + i + 1, sizeof next);
    pairs |= reinterpret_cast<vector>((here | next) == 0);
  }
  std::array<std::uint64_t, 2> halves;
  std::memcpy(halves.data(), &pairs, sizeof pairs);
  return (halves[0] | halves[1]) != 0;
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
    out.reordered_pictures = parsed->reordered_pictures;
  }
  return out;
}

std::optional<forbidden_sequence> find_forbidden_sequence(byte_view bytes, std::size_t from) {
  const std::uint8_t* const begin = bytes.data();
  const std::size_t last = bytes.size() < 3 ? 0 : bytes.size() - 2;  // one past the last start
  for (std::size_t i = from; i < last;) {
    if (last - i >= scan_block && !has_zero_pair(begin + i)) {
      i += scan_block;
      continue;
    }
    for (const std::size_t end = std::min(i + scan_block, last); i < end; ++i)
      if (begin[i] == 0 && begin[i + 1] == 0 && begin[i + 2] <= 2)
        return forbidden_sequence{i, begin[i + 2]};
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

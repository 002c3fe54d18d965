// SPDX-License-Identifier: Apache-2.0
#include "media/h264.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "media/bit_reader.hpp"

namespace vigie::media {
namespace {

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
    out.reordered_pictures = parsed->reordered_pictures;
  }
  return out;
}

std::optional<forbidden_sequence> find_forbidden_sequence(byte_view bytes, std::size_t from) {
  // Every byte of every camera passes here: memchr reads 32 at a time, and few are zero.
  const std::uint8_t* const begin = bytes.data();
  const std::size_t last = bytes.size() < 3 ? 0 : bytes.size() - 2;  // one past the last start
  for (std::size_t i = from; i < last; ++i) {
    const auto* const zero = static_cast<const std::uint8_t*>(std::memchr(begin + i, 0, last - i));
    if (zero == nullptr) break;
    if (zero[1] == 0 && zero[2] <= 2)
      return forbidden_sequence{static_cast<std::size_t>(zero - begin), zero[2]};
    i = static_cast<std::size_t>(zero - begin);
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

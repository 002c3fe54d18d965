// SPDX-License-Identifier: Apache-2.0
#include "media/h265.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "media/bit_reader.hpp"

namespace vigie::media {
namespace {

constexpr std::size_t header_bytes = 2;
constexpr std::uint32_t max_side_px = 16'384;

/// profile_tier_level with profilePresentFlag set (H.265 §7.3.3).
void read_profile(bit_reader& r, unsigned sub_layers, h265_sps& sps) noexcept {
  sps.profile_space = static_cast<std::uint8_t>(r.bits(2));
  sps.is_high_tier = r.flag();
  sps.profile_idc = static_cast<std::uint8_t>(r.bits(5));
  sps.compatibility_flags = r.bits(32);
  for (auto& byte : sps.constraint_bytes) byte = static_cast<std::uint8_t>(r.bits(8));
  sps.level_idc = static_cast<std::uint8_t>(r.bits(8));
  std::array<bool, 8> has_profile{};
  std::array<bool, 8> has_level{};
  for (unsigned i = 0; i < sub_layers; ++i) {
    has_profile[i] = r.flag();
    has_level[i] = r.flag();
  }
  if (sub_layers > 0) r.skip(2 * (8 - sub_layers));
  for (unsigned i = 0; i < sub_layers; ++i)
    r.skip((has_profile[i] ? 88 : 0) + (has_level[i] ? 8 : 0));
}

bool read_size(bit_reader& r, bool separate_planes, h265_sps& sps) noexcept {
  const std::uint64_t width = r.exp_golomb();
  const std::uint64_t height = r.exp_golomb();
  std::uint64_t cut_x = 0;
  std::uint64_t cut_y = 0;
  if (r.flag()) {  // conformance window, in chroma samples
    const bool planar = sps.chroma_format_idc != 0 && !separate_planes;
    const std::uint64_t unit_x = planar && sps.chroma_format_idc != 3 ? 2 : 1;
    const std::uint64_t unit_y = planar && sps.chroma_format_idc == 1 ? 2 : 1;
    cut_x = (std::uint64_t{r.exp_golomb()} + r.exp_golomb()) * unit_x;
    cut_y = (std::uint64_t{r.exp_golomb()} + r.exp_golomb()) * unit_y;
  }
  if (r.failed() || width > max_side_px || height > max_side_px || cut_x >= width ||
      cut_y >= height)
    return false;
  sps.width_px = static_cast<std::uint32_t>(width - cut_x);
  sps.height_px = static_cast<std::uint32_t>(height - cut_y);
  return true;
}

}  // namespace

result<h265_sps> parse_h265_sps(byte_view nal) {
  if (nal.size() < header_bytes + 13) return fail(errc::codec_malformed, "SPS too short");
  if (h265_nal_of(nal[0]) != h265_nal::sps)
    return fail(errc::codec_malformed,
                fmt::format("NAL unit type {} is not an SPS", (nal[0] >> 1) & 0x3f));
  // Nothing we read lies deep in the set: a bound keeps a hostile one cheap.
  const auto payload = remove_emulation_prevention(
      nal.subspan(header_bytes, std::min<std::size_t>(nal.size() - header_bytes, 512)));
  bit_reader r{payload};
  h265_sps sps;
  r.skip(4);  // sps_video_parameter_set_id
  const unsigned sub_layers = r.bits(3);
  sps.temporal_layers = static_cast<std::uint8_t>(sub_layers + 1);
  sps.is_temporal_id_nested = r.flag();
  if (sub_layers > 6) return fail(errc::codec_malformed, "SPS with 8 sub-layers");
  read_profile(r, sub_layers, sps);
  r.exp_golomb();  // sps_seq_parameter_set_id
  const std::uint32_t chroma = r.exp_golomb();
  const bool separate_planes = chroma == 3 && r.flag();
  sps.chroma_format_idc = static_cast<std::uint8_t>(chroma > 3 ? 1 : chroma);
  if (!read_size(r, separate_planes, sps))
    return fail(errc::codec_malformed, "SPS without a believable picture size");
  const std::uint32_t luma = r.exp_golomb() + 8;
  const std::uint32_t depth = r.exp_golomb() + 8;
  // The size is what matters; a depth that cannot be read is the usual one.
  sps.bit_depth_luma = static_cast<std::uint8_t>(r.failed() || luma > 15 ? 8 : luma);
  sps.bit_depth_chroma = static_cast<std::uint8_t>(r.failed() || depth > 15 ? 8 : depth);
  r.exp_golomb();  // log2_max_pic_order_cnt_lsb_minus4
  const bool tells_each_layer = r.flag();
  std::uint32_t reordered = 0;
  for (unsigned i = tells_each_layer ? 0 : sub_layers; i <= sub_layers; ++i) {
    r.exp_golomb();  // sps_max_dec_pic_buffering_minus1
    reordered = r.exp_golomb();
    r.exp_golomb();  // sps_max_latency_increase_plus1
  }
  if (!r.failed() && reordered <= 16) sps.reordered_pictures = reordered;
  return sps;
}

std::optional<std::uint32_t> h265_pps_id(byte_view nal) {
  if (nal.size() < header_bytes + 1 || h265_nal_of(nal[0]) != h265_nal::pps) return std::nullopt;
  const auto payload = remove_emulation_prevention(
      nal.subspan(header_bytes, std::min<std::size_t>(nal.size() - header_bytes, 16)));
  bit_reader r{payload};
  const std::uint32_t id = r.exp_golomb();
  if (r.failed() || id > 63) return std::nullopt;
  return id;
}

std::string h265_codecs_text(const h265_sps& sps) {
  std::uint32_t reversed = 0;
  for (unsigned i = 0; i < 32; ++i)
    if ((sps.compatibility_flags >> i & 1) != 0) reversed |= 1u << (31 - i);
  std::string out = "hvc1.";
  if (sps.profile_space > 0) out += static_cast<char>('A' + sps.profile_space - 1);
  out += fmt::format("{}.{:x}.{}{}", sps.profile_idc, reversed, sps.is_high_tier ? 'H' : 'L',
                     sps.level_idc);
  auto last = sps.constraint_bytes.size();
  while (last > 0 && sps.constraint_bytes[last - 1] == 0) --last;
  for (std::size_t i = 0; i < last; ++i) out += fmt::format(".{:x}", sps.constraint_bytes[i]);
  return out;
}

codec_parameters make_h265_parameters(byte_view vps, byte_view sps,
                                      const std::vector<byte_view>& pps) {
  codec_parameters out;
  out.kind = codec::h265;
  out.vps.assign(vps.begin(), vps.end());
  out.sps.assign(sps.begin(), sps.end());
  out.pps.assign(pps.front().begin(), pps.front().end());
  for (std::size_t i = 1; i < pps.size(); ++i)
    out.extra_pps.emplace_back(pps[i].begin(), pps[i].end());
  if (const auto parsed = parse_h265_sps(sps)) {
    out.width_px = parsed->width_px;
    out.height_px = parsed->height_px;
    out.reordered_pictures = parsed->reordered_pictures;
    out.codecs = h265_codecs_text(*parsed);
  }
  return out;
}

}  // namespace vigie::media

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "media/bit_reader.hpp"
#include "media/h264.hpp"

namespace vigie::media {
namespace {

constexpr std::uint32_t max_side_px = 16'384;

/// Profiles whose SPS carries chroma format, bit depth and scaling lists (H.264 §7.3.2.1.1).
bool has_chroma_fields(std::uint8_t profile_idc) noexcept {
  switch (profile_idc) {
    case 44:
    case 83:
    case 86:
    case 100:
    case 110:
    case 118:
    case 122:
    case 128:
    case 134:
    case 135:
    case 138:
    case 139:
    case 244:
      return true;
    default:
      return false;
  }
}

void skip_scaling_list(bit_reader& r, unsigned size) noexcept {
  std::int64_t last = 8;
  std::int64_t next = 8;
  for (unsigned i = 0; i < size && !r.failed(); ++i) {
    if (next != 0) next = (last + r.signed_exp_golomb() + 256) % 256;
    if (next != 0) last = next;
  }
}

void read_chroma_fields(bit_reader& r, h264_sps& sps, bool& separate_planes) noexcept {
  const std::uint32_t chroma = r.exp_golomb();
  if (chroma == 3) separate_planes = r.flag();
  const std::uint32_t luma_depth = r.exp_golomb() + 8;
  const std::uint32_t chroma_depth = r.exp_golomb() + 8;
  r.skip(1);  // qpprime_y_zero_transform_bypass_flag
  if (r.flag()) {
    for (unsigned i = 0; i < (chroma == 3 ? 12u : 8u); ++i)
      if (r.flag()) skip_scaling_list(r, i < 6 ? 16 : 64);
  }
  sps.chroma_format_idc = static_cast<std::uint8_t>(chroma > 3 ? 1 : chroma);
  sps.bit_depth_luma = static_cast<std::uint8_t>(luma_depth > 15 ? 8 : luma_depth);
  sps.bit_depth_chroma = static_cast<std::uint8_t>(chroma_depth > 15 ? 8 : chroma_depth);
}

void skip_picture_order(bit_reader& r) noexcept {
  const std::uint32_t type = r.exp_golomb();
  if (type == 0) {
    r.exp_golomb();  // log2_max_pic_order_cnt_lsb_minus4
  } else if (type == 1) {
    r.skip(1);
    r.signed_exp_golomb();
    r.signed_exp_golomb();
    const std::uint32_t cycle = r.exp_golomb();
    for (std::uint32_t i = 0; i < cycle && i < 256 && !r.failed(); ++i) r.signed_exp_golomb();
  }
}

/// hrd_parameters (H.264 §E.1.2): how a buffer drains, of no use to us.
void skip_buffer_model(bit_reader& r) noexcept {
  const std::uint32_t count = std::min<std::uint32_t>(r.exp_golomb(), 31) + 1;
  r.skip(8);
  for (std::uint32_t i = 0; i < count && !r.failed(); ++i) {
    r.exp_golomb();
    r.exp_golomb();
    r.skip(1);
  }
  r.skip(20);
}

/// Timing of the VUI; the frame rate is half the field rate.
std::optional<double> read_frame_rate(bit_reader& r) noexcept {
  const std::uint32_t units_per_tick = r.bits(32);
  const std::uint32_t time_scale = r.bits(32);
  r.skip(1);  // fixed_frame_rate_flag
  if (r.failed() || units_per_tick == 0) return std::nullopt;
  const double rate = static_cast<double>(time_scale) / (2.0 * units_per_tick);
  if (rate < 0.1 || rate > 240) return std::nullopt;
  return rate;
}

/// The VUI (H.264 §E.1.1): frame rate and reordering.
void read_vui(bit_reader& r, h264_sps& sps) noexcept {
  if (r.flag() && r.bits(8) == 255) r.skip(32);  // extended sample aspect ratio
  if (r.flag()) r.skip(1);                       // overscan
  if (r.flag()) {
    r.skip(4);
    if (r.flag()) r.skip(24);  // colour description
  }
  if (r.flag()) {
    r.exp_golomb();  // chroma sample location
    r.exp_golomb();
  }
  if (r.flag()) sps.frames_per_s_hint = read_frame_rate(r);
  const bool has_nal_model = r.flag();
  if (has_nal_model) skip_buffer_model(r);
  const bool has_vcl_model = r.flag();
  if (has_vcl_model) skip_buffer_model(r);
  if (has_nal_model || has_vcl_model) r.skip(1);  // low_delay_hrd_flag
  r.skip(1);                                      // pic_struct_present_flag
  if (!r.flag()) return;
  r.skip(1);                                   // motion_vectors_over_pic_boundaries_flag
  for (int i = 0; i < 4; ++i) r.exp_golomb();  // bytes, bits and vectors at most
  const std::uint32_t reordered = r.exp_golomb();
  if (!r.failed() && reordered <= 16) sps.reordered_pictures = reordered;
}

bool read_size(bit_reader& r, bool separate_planes, h264_sps& sps) noexcept {
  const std::uint64_t width_mbs = std::uint64_t{r.exp_golomb()} + 1;
  const std::uint64_t height_units = std::uint64_t{r.exp_golomb()} + 1;
  const bool frames_only = r.flag();
  if (!frames_only) r.skip(1);  // mb_adaptive_frame_field_flag
  r.skip(1);                    // direct_8x8_inference_flag
  const std::uint64_t field_factor = frames_only ? 1 : 2;
  const std::uint64_t width = width_mbs * 16;
  const std::uint64_t height = height_units * field_factor * 16;
  if (r.failed() || width > max_side_px || height > max_side_px) return false;

  std::uint64_t cut_x = 0;
  std::uint64_t cut_y = 0;
  if (r.flag()) {
    const bool planar = sps.chroma_format_idc != 0 && !separate_planes;
    const std::uint64_t unit_x = planar && sps.chroma_format_idc != 3 ? 2 : 1;
    const std::uint64_t unit_y = (planar && sps.chroma_format_idc == 1 ? 2 : 1) * field_factor;
    const std::uint64_t left = r.exp_golomb();
    const std::uint64_t right = r.exp_golomb();
    const std::uint64_t top = r.exp_golomb();
    const std::uint64_t bottom = r.exp_golomb();
    cut_x = (left + right) * unit_x;
    cut_y = (top + bottom) * unit_y;
  }
  if (r.failed() || cut_x >= width || cut_y >= height) return false;
  sps.width_px = static_cast<std::uint32_t>(width - cut_x);
  sps.height_px = static_cast<std::uint32_t>(height - cut_y);
  return true;
}

}  // namespace

result<h264_sps> parse_h264_sps(byte_view nal) {
  if (nal.size() < 5) return fail(errc::codec_malformed, "SPS shorter than 5 bytes");
  if (h264_nal_of(nal[0]) != h264_nal::sps)
    return fail(errc::codec_malformed, fmt::format("NAL unit type {} is not an SPS", nal[0] & 31));
  // Nothing we read lies deep in the set: a bound keeps a hostile one cheap.
  const auto payload =
      remove_emulation_prevention(nal.subspan(1, std::min<std::size_t>(nal.size() - 1, 4096)));
  bit_reader r{payload};

  h264_sps sps;
  sps.profile_idc = static_cast<std::uint8_t>(r.bits(8));
  sps.constraint_flags = static_cast<std::uint8_t>(r.bits(8));
  sps.level_idc = static_cast<std::uint8_t>(r.bits(8));
  sps.id = r.exp_golomb();
  if (sps.id > 31) return fail(errc::codec_malformed, "SPS with an id beyond 31");
  bool separate_planes = false;
  if (has_chroma_fields(sps.profile_idc)) read_chroma_fields(r, sps, separate_planes);
  r.exp_golomb();  // log2_max_frame_num_minus4
  skip_picture_order(r);
  r.exp_golomb();  // max_num_ref_frames
  r.skip(1);       // gaps_in_frame_num_value_allowed_flag
  if (!read_size(r, separate_planes, sps))
    return fail(errc::codec_malformed, "SPS without a believable picture size");
  if (r.flag()) read_vui(r, sps);
  return sps;
}

}  // namespace vigie::media

// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/h264_surgery.hpp"

#include <utility>

namespace vigie::simulators {

namespace {

constexpr std::uint8_t nal_slice = 1;
constexpr std::uint8_t nal_idr_slice = 5;
constexpr std::uint32_t slice_p_all = 5;  // "all slices of this picture are P" (H.264 table 7-6)
constexpr std::uint32_t slice_i_all = 7;

error not_ours(const char* what) {
  return {errc::codec_malformed, std::string{"encoder output cannot be rewritten: "} + what};
}

// H.264 §7.3.2.2, up to what a slice header depends on.
result<void> check_pps(byte_span nal) {
  const bytes rbsp = rbsp_of(nal);
  bit_reader in{rbsp};
  if (in.ue() != 0 || in.ue() != 0) return tl::unexpected{not_ours("several parameter sets")};
  if (in.flag()) return tl::unexpected{not_ours("CABAC")};
  if (in.flag()) return tl::unexpected{not_ours("interlaced picture order")};
  if (in.ue() != 0) return tl::unexpected{not_ours("slice groups")};
  in.ue();  // num_ref_idx_l0_default_active_minus1: our slices override it
  in.ue();
  if (in.flag()) return tl::unexpected{not_ours("weighted prediction")};
  in.bits(2);
  in.se();
  in.se();
  in.se();
  if (!in.flag()) return tl::unexpected{not_ours("no deblocking control")};
  in.flag();
  if (in.flag()) return tl::unexpected{not_ours("redundant pictures")};
  return {};
}

}  // namespace

result<stream_parameters> with_row_on_top(byte_span sps, byte_span pps) {
  if (auto checked = check_pps(pps); !checked) return tl::unexpected{checked.error()};
  stream_parameters stream;
  stream.pps.assign(pps.begin(), pps.end());

  const bytes rbsp = rbsp_of(sps);
  bit_reader in{rbsp};
  bit_writer out;
  const auto copy_ue = [&] {
    const std::uint32_t value = in.ue();
    out.ue(value);
    return value;
  };
  const std::uint32_t profile = in.bits(8);
  if (profile != 66 && profile != 77) return tl::unexpected{not_ours("profile")};
  out.bits(profile, 8);
  out.bits(in.bits(8), 8);
  out.bits(in.bits(8), 8);
  copy_ue();
  stream.frame_num_bits = copy_ue() + 4;
  if (copy_ue() != 2) return tl::unexpected{not_ours("picture order count type")};
  copy_ue();
  out.flag(in.flag());
  stream.width_in_macroblocks = copy_ue() + 1;
  stream.height_in_macroblocks = in.ue() + 2;
  out.ue(stream.height_in_macroblocks - 1);
  const bool frames_only = in.flag();
  if (!frames_only) return tl::unexpected{not_ours("interlaced")};
  out.flag(frames_only);
  in.copy_rest(out);
  if (in.overrun()) return tl::unexpected{not_ours("truncated SPS")};
  stream.sps = make_nal(sps[0], out.finish());
  return stream;
}

result<moved_slice> move_down_one_row(byte_span slice, const stream_parameters& stream,
                                      std::uint32_t idr_pic_id) {
  const std::uint8_t type = slice[0] & 0x1f;
  if (type != nal_slice && type != nal_idr_slice) return tl::unexpected{not_ours("NAL type")};
  const bytes rbsp = rbsp_of(slice);
  bit_reader in{rbsp};
  bit_writer out;
  moved_slice moved;
  moved.fields.idr = type == nal_idr_slice;

  // H.264 §7.3.3, in order.
  if (in.ue() != 0) return tl::unexpected{not_ours("several slices in a picture")};
  out.ue(stream.width_in_macroblocks);
  const std::uint32_t slice_type = in.ue();
  const bool is_p = slice_type % 5 == 0;
  if (!is_p && slice_type % 5 != 2) return tl::unexpected{not_ours("slice type")};
  out.ue(is_p ? slice_p_all : slice_i_all);
  out.ue(in.ue());
  moved.fields.frame_num = in.bits(stream.frame_num_bits);
  out.bits(moved.fields.frame_num, stream.frame_num_bits);
  if (moved.fields.idr) {
    in.ue();
    moved.fields.idr_pic_id = idr_pic_id;
    out.ue(idr_pic_id);
  } else if (!is_p) {
    return tl::unexpected{not_ours("intra picture that is no key picture")};
  }
  if (is_p) {
    const bool override_count = in.flag();
    out.flag(override_count);
    if (override_count) out.ue(in.ue());
    if (in.flag()) return tl::unexpected{not_ours("reference reordering")};
    out.flag(false);
  }
  if ((slice[0] & 0x60) == 0) return tl::unexpected{not_ours("picture nobody refers to")};
  if (moved.fields.idr) {
    out.bits(in.bits(2), 2);
  } else {
    if (in.flag()) return tl::unexpected{not_ours("memory management")};
    out.flag(false);
  }
  out.se(in.se());  // slice_qp_delta
  const std::uint32_t deblocking_off = in.ue();
  if (deblocking_off == 1) {
    out.ue(1);
  } else {
    out.ue(2);  // filter inside this slice, never across the border to the text row
    out.se(in.se());
    out.se(in.se());
  }
  in.copy_rest(out);
  if (in.overrun()) return tl::unexpected{not_ours("truncated slice")};
  moved.nal = make_nal(slice_nal_header(moved.fields), out.finish());
  return moved;
}

std::uint8_t slice_nal_header(const picture_fields& fields) { return fields.idr ? 0x65 : 0x41; }

void begin_slice(bit_writer& out, const stream_parameters& stream, const picture_fields& fields) {
  out.ue(0);
  out.ue(fields.idr ? slice_i_all : slice_p_all);
  out.ue(0);
  out.bits(fields.frame_num, stream.frame_num_bits);
  if (fields.idr) {
    out.ue(fields.idr_pic_id);
    out.bits(0, 2);  // not long-term, earlier pictures may be output
  } else {
    out.flag(true);  // one reference, whatever the PPS says
    out.ue(0);
    out.flag(false);
    out.flag(false);
  }
  out.se(0);
  out.ue(1);  // no deblocking: text stays exact
}

bytes make_repeat_picture(const stream_parameters& stream, std::uint32_t frame_num) {
  const picture_fields fields{false, frame_num & ((1U << stream.frame_num_bits) - 1), 0};
  bit_writer out;
  begin_slice(out, stream, fields);
  out.ue(stream.width_in_macroblocks * stream.height_in_macroblocks);
  return make_nal(slice_nal_header(fields), out.finish());
}

}  // namespace vigie::simulators

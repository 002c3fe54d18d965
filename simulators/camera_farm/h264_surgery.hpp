// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "camera_farm/bits.hpp"

namespace vigie::simulators {

/// What slice headers depend on, read from the encoder's parameter sets (H.264 §7.3.2).
struct stream_parameters {
  bytes sps;  ///< NAL unit of the whole picture, one macroblock row taller than the encoder's
  bytes pps;  ///< NAL unit as the encoder wrote it
  std::uint32_t width_in_macroblocks = 0;
  std::uint32_t height_in_macroblocks = 0;  ///< of the whole picture
  std::uint32_t frame_num_bits = 0;
};

/// The fields that must agree between all slices of one picture (H.264 §7.4.3).
struct picture_fields {
  bool idr = false;
  std::uint32_t frame_num = 0;
  std::uint32_t idr_pic_id = 0;
};

/// Takes the encoder's SPS and PPS (NAL units) and makes room for one more macroblock row on top:
/// the row where each camera writes its own text. Refuses streams whose slices this file could not
/// rewrite (CABAC, interlace, several references, picture order count not type 2).
result<stream_parameters> with_row_on_top(byte_span sps, byte_span pps);

struct moved_slice {
  bytes nal;
  picture_fields fields;
};

/// Moves a slice of the encoder's picture one macroblock row down: only first_mb_in_slice, the IDR
/// picture id and the deblocking across slices change; the macroblock data is the same bits (CAVLC
/// data knows nothing of its position).
result<moved_slice> move_down_one_row(byte_span slice, const stream_parameters& stream,
                                      std::uint32_t idr_pic_id);

/// Starts a slice of ours in the same picture: header written, macroblock data to follow.
void begin_slice(bit_writer& out, const stream_parameters& stream, const picture_fields& fields);
/// The NAL header byte of a slice of that picture.
std::uint8_t slice_nal_header(const picture_fields& fields);

/// A whole picture that repeats the one before, as one slice of skipped macroblocks.
bytes make_repeat_picture(const stream_parameters& stream, std::uint32_t frame_num);

}  // namespace vigie::simulators

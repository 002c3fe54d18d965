// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "media/codec_parameters.hpp"

namespace vigie::media {

/// NAL unit types this runtime tells apart (ITU-T H.264 table 7-1). `slice` to `idr_slice` carry
/// picture data.
enum class h264_nal : std::uint8_t {
  slice = 1,
  partition_a = 2,
  partition_b = 3,
  partition_c = 4,
  idr_slice = 5,
  sei = 6,
  sps = 7,
  pps = 8,
  access_unit_delimiter = 9,
  end_of_sequence = 10,
  end_of_stream = 11,
  filler = 12,
};

/// Type of a NAL unit by its first byte; values that are not in the enumeration are kept as
/// numbers.
constexpr h264_nal h264_nal_of(std::uint8_t first_byte) noexcept {
  return static_cast<h264_nal>(first_byte & 0x1f);
}
constexpr bool is_picture(h264_nal type) noexcept {
  return type >= h264_nal::slice && type <= h264_nal::idr_slice;
}

/// What we read from a sequence parameter set. Informative only: a set we cannot read must never
/// keep a camera from being recorded (camera-quirks 75 and 78).
struct h264_sps {
  std::uint8_t profile_idc = 0;
  std::uint8_t constraint_flags = 0;  ///< the byte after profile_idc
  std::uint8_t level_idc = 0;
  std::uint32_t id = 0;
  std::uint32_t width_px = 0;  ///< after cropping
  std::uint32_t height_px = 0;
  std::uint8_t chroma_format_idc = 1;  ///< 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4
  std::uint8_t bit_depth_luma = 8;
  std::uint8_t bit_depth_chroma = 8;
  /// From VUI timing, when present and believable (0.1 to 240).
  std::optional<double> frames_per_s_hint;
  /// max_num_reorder_frames (§E.2.1); 0 where the set rules reordering out or says nothing of it:
  /// encoders that reorder say so.
  std::uint32_t reordered_pictures = 0;
};

/// Parses an SPS NAL unit, header byte included (H.264 §7.3.2.1.1). Bytes after what is needed are
/// not looked at. Errors: codec_malformed. [thread-safe]
result<h264_sps> parse_h264_sps(byte_view nal);

/// pic_parameter_set_id of a PPS NAL unit (H.264 §7.3.2.2); nothing when it cannot be read.
std::optional<std::uint32_t> h264_pps_id(byte_view nal);

/// "avc1.PPCCLL" of an SPS NAL unit (RFC 6381 §3.3); empty when it is shorter than 4 bytes.
std::string h264_codecs_text(byte_view sps);

/// Parameters for these sets, which are copied as they are. Never fails: size and `codecs` stay
/// empty when the SPS cannot be read. `pps` must hold at least one set. [thread-safe]
codec_parameters make_h264_parameters(byte_view sps, const std::vector<byte_view>& pps);

/// A place where three bytes that a NAL unit cannot contain stand in one (H.264 §7.4.1).
struct forbidden_sequence {
  std::size_t offset = 0;  ///< of the first zero
  std::uint8_t third = 0;  ///< 0, 1 or 2; 1 is an Annex B start code
};

/// First of `00 00 00`, `00 00 01`, `00 00 02` at or after `from`. [thread-safe]
std::optional<forbidden_sequence> find_forbidden_sequence(byte_view bytes, std::size_t from = 0);

/// NAL units of an Annex B byte stream (H.264 annex B), without start codes and without zero bytes
/// around them; views into `stream`. Bytes before the first start code count as a NAL unit of their
/// own when `stream` does not begin with zeros. [thread-safe]
std::vector<byte_view> split_annexb(byte_view stream);

}  // namespace vigie::media

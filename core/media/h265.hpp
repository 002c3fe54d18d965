// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "media/codec_parameters.hpp"

namespace vigie::media {

/// NAL unit types this runtime tells apart (ITU-T H.265 table 7-1). 0 to 31 carry picture data.
enum class h265_nal : std::uint8_t {
  first_irap = 16,  ///< BLA, IDR and CRA: a decoder may start here
  last_irap = 23,
  last_picture = 31,
  vps = 32,
  sps = 33,
  pps = 34,
  access_unit_delimiter = 35,
  end_of_sequence = 36,
  end_of_bitstream = 37,
  filler = 38,
  prefix_sei = 39,
  suffix_sei = 40,
};

/// Type of a NAL unit by the first of its two header bytes; values that are not in the enumeration
/// are kept as numbers.
constexpr h265_nal h265_nal_of(std::uint8_t first_byte) noexcept {
  return static_cast<h265_nal>((first_byte >> 1) & 0x3f);
}
constexpr bool is_picture(h265_nal type) noexcept { return type <= h265_nal::last_picture; }
constexpr bool is_key_picture(h265_nal type) noexcept {
  return type >= h265_nal::first_irap && type <= h265_nal::last_irap;
}

/// What we read from a sequence parameter set. Informative only: cameras write fields behind these
/// in ways of their own (camera-quirk 78), and none of it may keep them from being recorded.
struct h265_sps {
  std::uint8_t profile_space = 0;
  bool is_high_tier = false;
  std::uint8_t profile_idc = 0;
  std::uint32_t compatibility_flags = 0;           ///< first flag in the top bit
  std::array<std::uint8_t, 6> constraint_bytes{};  ///< general_progressive_source_flag and on
  std::uint8_t level_idc = 0;
  std::uint8_t temporal_layers = 1;
  bool is_temporal_id_nested = false;
  std::uint8_t chroma_format_idc = 1;
  std::uint8_t bit_depth_luma = 8;
  std::uint8_t bit_depth_chroma = 8;
  std::uint32_t width_px = 0;  ///< after cropping
  std::uint32_t height_px = 0;
  std::uint32_t reordered_pictures = 0;  ///< sps_max_num_reorder_pics of all temporal layers
};

/// Parses an SPS NAL unit, header included (H.265 §7.3.2.2.1), as far as the orders of
/// pictures.
/// Errors: codec_malformed. [thread-safe]
result<h265_sps> parse_h265_sps(byte_view nal);

/// pps_pic_parameter_set_id of a PPS NAL unit (H.265 §7.3.2.3.1); nothing when it cannot be read.
std::optional<std::uint32_t> h265_pps_id(byte_view nal);

/// "hvc1.1.6.L93.b0" of what an SPS says (ISO/IEC 14496-15 §E.3). [thread-safe]
std::string h265_codecs_text(const h265_sps& sps);

/// Parameters for these sets, which are copied as they are. Never fails: size and `codecs` stay
/// empty when the SPS cannot be read. `pps` must hold at least one set. [thread-safe]
codec_parameters make_h265_parameters(byte_view vps, byte_view sps,
                                      const std::vector<byte_view>& pps);

}  // namespace vigie::media

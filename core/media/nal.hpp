// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "media/codec_parameters.hpp"
#include "media/h264.hpp"
#include "media/h265.hpp"

namespace vigie::media {

/// What a NAL unit is to somebody who puts pictures together, whatever the codec.
enum class nal_role : std::uint8_t {
  picture = 1,
  key_picture,  ///< a decoder may start here, given the parameter sets
  parameter_set,
  filler,   ///< carries nothing
  other,    ///< SEI, delimiters, and what future standards bring
  invalid,  ///< a type that no NAL unit of a stream has
};

/// Bytes before a NAL unit's payload.
constexpr std::size_t nal_header_bytes(codec kind) noexcept { return kind == codec::h265 ? 2 : 1; }

/// Role by the first header byte. [thread-safe]
constexpr nal_role nal_role_of(codec kind, std::uint8_t first_byte) noexcept {
  if (kind == codec::h265) {
    const auto type = h265_nal_of(first_byte);
    if (is_key_picture(type)) return nal_role::key_picture;
    if (is_picture(type)) return nal_role::picture;  // type 0 too: TRAIL_N is a picture
    if (type <= h265_nal::pps) return nal_role::parameter_set;
    if (type == h265_nal::filler) return nal_role::filler;
    return static_cast<std::uint8_t>(type) < 48 ? nal_role::other : nal_role::invalid;
  }
  const auto type = h264_nal_of(first_byte);
  if (type == h264_nal::idr_slice) return nal_role::key_picture;
  if (is_picture(type)) return nal_role::picture;
  if (type == h264_nal::sps || type == h264_nal::pps) return nal_role::parameter_set;
  if (type == h264_nal::filler) return nal_role::filler;
  const auto number = static_cast<std::uint8_t>(type);
  return number > 0 && number < 24 ? nal_role::other : nal_role::invalid;
}

/// Whether a NAL unit with picture data is the first of its picture: first_mb_in_slice is 0 when
/// the first bit after the header is 1 (H.264 §7.3.3), first_slice_segment_in_pic_flag is that bit
/// (H.265 §7.3.6.1).
constexpr bool starts_picture(codec kind, byte_view nal) noexcept {
  const std::size_t at = nal_header_bytes(kind);
  return nal.size() > at && (nal[at] & 0x80) != 0;
}

/// Parameters of the sets a description gives, whatever else is among them. Nothing unless all
/// kinds a decoder needs are there, which is no reason to refuse a camera (camera-quirks 75 and
/// 78). [thread-safe]
std::optional<codec_parameters> parameters_of(codec kind,
                                              std::span<const std::vector<std::uint8_t>> sets);

}  // namespace vigie::media

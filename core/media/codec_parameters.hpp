// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vigie::media {

enum class codec : std::uint8_t { h264 = 1, h265 = 2 };

/// What a decoder needs before the first picture. Immutable once shared; a change makes a new one
/// and a new stream generation.
struct codec_parameters {
  codec kind = codec::h264;
  std::vector<std::uint8_t> vps;  ///< H.265 only; NAL unit without start code
  std::vector<std::uint8_t> sps;  ///< NAL unit without start code
  std::vector<std::uint8_t> pps;  ///< NAL unit without start code
  /// Further picture parameter sets, by ascending id; nearly always none.
  std::vector<std::vector<std::uint8_t>> extra_pps;
  std::uint32_t width_px = 0;  ///< after cropping
  std::uint32_t height_px = 0;
  /// Most pictures that precede another in decoding and follow it in display; 0 without B pictures.
  std::uint32_t reordered_pictures = 0;
  std::string codecs;  ///< RFC 6381, "avc1.4d401e": what a browser is asked

  friend bool operator==(const codec_parameters&, const codec_parameters&) = default;
};

using codec_parameters_ptr = std::shared_ptr<const codec_parameters>;

}  // namespace vigie::media

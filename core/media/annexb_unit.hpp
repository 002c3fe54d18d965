// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "media/access_unit.hpp"

namespace vigie::media {

/// Builds access units from pictures that come as Annex B byte streams, from one generation of one
/// source: remembers the parameter sets, whether they came beside the pictures or inside them.
class annexb_units {
 public:
  explicit annexb_units(codec kind) noexcept : kind_{kind} {}

  struct content {
    codec_parameters_ptr parameters;
    bool is_key = false;             ///< it holds an IDR slice
    std::vector<std::uint8_t> data;  ///< as access_unit::data
  };
  /// Parameter sets told beside the pictures. Bytes that are none are ignored.
  void learn(byte_view annexb);
  /// One picture. Nothing while no parameter sets are known yet. Errors: codec_malformed (no slice
  /// in it), codec_too_large, sdp_codec (a codec that is not recorded).
  result<std::optional<content>> take(byte_view annexb);

 private:
  void keep_set(byte_view nal);

  codec kind_;
  std::vector<std::uint8_t> sps_;
  std::vector<std::vector<std::uint8_t>> pps_;
  codec_parameters_ptr parameters_;  ///< null when the sets changed since
};

}  // namespace vigie::media

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "media/access_unit.hpp"
#include "rtp/parameter_sets.hpp"

namespace vigie::ingest {

/// Builds the contents of access units from pictures that come as Annex B byte streams, of one
/// generation of one source: remembers the parameter sets, whether they came beside the pictures or
/// inside them. [ingest]
class annexb_units {
 public:
  explicit annexb_units(media::codec kind)
      : kind_{kind}, sets_{kind, rtp::parameters_policy::in_band_wins, std::nullopt} {}

  struct content {
    media::codec_parameters_ptr parameters;
    bool is_key = false;             ///< a decoder may start here
    std::vector<std::uint8_t> data;  ///< as access_unit::data
  };
  /// Parameter sets told beside the pictures. NAL units that are none are ignored.
  void learn(byte_view annexb);
  /// One picture. Nothing while no parameter sets are known yet. Errors: codec_malformed (no slice
  /// in it), codec_too_large.
  result<std::optional<content>> take(byte_view annexb);

 private:
  media::codec kind_;
  rtp::parameter_sets sets_;
};

}  // namespace vigie::ingest

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "media/codec_parameters.hpp"

namespace vigie::ingest {

/// One coded picture that a protocol plugin brought instead of letting us pull.
struct pushed_picture {
  media::codec codec = media::codec::h264;
  bool after_loss = false;               ///< pictures are missing before it
  std::uint32_t source_generation = 0;   ///< grows when parameters or the time line change
  std::int64_t media_pts_us = 0;         ///< strictly increasing within a generation
  utc_us capture_utc_us = 0;             ///< 0: unknown, the time of arrival is taken
  std::vector<std::uint8_t> parameters;  ///< Annex B; empty when they stand in the data
  std::vector<std::uint8_t> data;        ///< Annex B
};

}  // namespace vigie::ingest

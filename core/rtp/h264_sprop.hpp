// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "media/codec_parameters.hpp"

namespace vigie::rtp {

/// Parameters from an SDP's `sprop-parameter-sets` value: base64 NAL units separated by commas
/// (RFC 6184 §8.1). Start codes around the sets are removed, what cannot be read is skipped;
/// nothing when no SPS or no PPS is left, which is no reason to refuse a camera (camera-quirk 75).
/// [thread-safe]
std::optional<media::codec_parameters> parameters_from_sprop(std::string_view sprop);

}  // namespace vigie::rtp

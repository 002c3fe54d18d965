// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "camera_farm/farm_options.hpp"

namespace vigie::simulators {

/// A kind of stream and how common it is in the fleet.
struct stream_share {
  clip_options pictures;
  unsigned weight = 1;
};

/// The kinds of stream of a fleet. `uniform`: what the options say. `city`: what public systems
/// run, from 360p substreams to a few 1080p cameras, short and long GOPs, 8 to 25 pictures a
/// second. Each in the codecs the options ask for. Errors: config_invalid.
result<std::vector<stream_share>> stream_mix(const farm_options& options);

/// Which of `shares` camera `index` has: by weight, the same for the same seed.
std::size_t share_of_camera(const std::vector<stream_share>& shares, std::uint64_t seed,
                            unsigned index);

}  // namespace vigie::simulators

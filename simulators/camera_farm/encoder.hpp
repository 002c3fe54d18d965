// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "camera_farm/bits.hpp"
#include "camera_farm/packets.hpp"
#include "camera_farm/scenes.hpp"

namespace vigie::simulators {

struct encoding {
  unsigned width_px = 640;
  unsigned height_px = 344;  ///< of the scene, without the text row
  unsigned fps = 12;
  unsigned kbps = 300;
  unsigned gop = 24;       ///< pictures from one key picture to the next
  unsigned pictures = 96;  ///< of the loop; a multiple of gop
  unsigned threads = 1;
  video_codec codec = video_codec::h264;
  bool is_still = false;  ///< nothing moves, not even the sensor's noise
};

struct encoded_scene {
  bytes vps, sps, pps;  ///< NAL units; VPS in H.265 only
  std::vector<bytes>
      slices;  ///< one NAL unit per picture; closed GOPs, one reference, no B pictures
};

/// Draws and encodes a whole loop of `what` with libavcodec's x264 or x265. Takes a second or so.
/// [worker]
result<encoded_scene> encode_scene(scene what, const encoding& how);

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "camera_farm/font.hpp"
#include "camera_farm/h264_surgery.hpp"
#include "camera_farm/packets.hpp"
#include "camera_farm/scenes.hpp"

namespace vigie::simulators {

/// One picture of a loop, ready to send but for the head (SEI, text slice) each camera adds itself.
struct clip_picture {
  picture_fields fields;
  packet_train scene;  ///< the scene's slice as interleaved RTP packets, the last one marked
};

/// A loop of closed GOPs that every camera of that scene shares. Immutable.
struct clip {
  std::vector<clip_picture> pictures;
  unsigned gop = 0;
  std::uint8_t ink = text_white;  ///< luma of the text over it
};

/// What a farm needs of pictures: the loops and what they have in common.
struct clip_library {
  video_codec codec = video_codec::h264;
  unsigned fps = 12;
  unsigned kbps = 400;
  std::vector<bytes> parameter_sets;  ///< NAL units: SPS and PPS, in H.265 after the VPS
  stream_parameters stream;           ///< H.264 only, where each camera writes its own text
  std::vector<clip> scenes;           ///< street, entrance, yard
  clip black;
  clip intruder;                      ///< the yard with somebody in it
  std::vector<clip> still;            ///< H.265 only: each scene standing still
  std::vector<packet_train> repeats;  ///< H.264, by frame_num: the picture before once more
};

struct clip_options {
  video_codec codec = video_codec::h264;
  unsigned width_px = 640;
  unsigned height_px = 360;
  unsigned fps = 12;
  unsigned kbps = 400;  ///< of everything a camera sends in video, text row included
  unsigned gop = 24;
  unsigned loop_seconds = 8;
};

/// Draws, encodes and cuts into packets, on two threads. Takes one to three seconds, H.265 a little
/// longer. [startup]
result<std::shared_ptr<const clip_library>> make_clips(const clip_options& options);

}  // namespace vigie::simulators

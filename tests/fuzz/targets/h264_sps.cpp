// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pictures.hpp"
#include "media/h264.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A sequence parameter set of anybody: sizes in bounds, bytes behind it without meaning, and never
/// a reason not to record.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto sps = media::parse_h264_sps(own);
  if (sps) {
    require(sps->width_px > 0 && sps->height_px > 0, "a picture has a size");
    require(sps->width_px <= 16'384 && sps->height_px <= 16'384, "a picture's size is bounded");
    require(sps->chroma_format_idc <= 3, "four chroma formats");
    require(sps->id < 32, "32 sets at most");
    require(!sps->frames_per_s_hint ||
                (*sps->frames_per_s_hint >= 0.1 && *sps->frames_per_s_hint <= 240),
            "a frame rate is believable");
  }
  if (const auto id = media::h264_pps_id(own)) require(*id < 256, "256 picture sets at most");
  const auto parameters = media::make_h264_parameters(own, {own});
  require(parameters.sps == own && parameters.pps == own, "sets are kept as they are");
  if (sps) require(parameters.width_px == sps->width_px, "both readers agree");
}

std::vector<std::string> seeds() {
  return {
      as_text(small_h264().sets[0]), as_text(small_h264().sets[1]),
      std::string{"\x67\x64\x00\x28\xac\xd9\x40\x78\x02\x27\xe5\xc0\x44\x00\x00\x03\x00\x04", 18}};
}

const registration self{{"h264_sps", run, seeds, {"\x67\x64", "\x67\x42", "\x68"}}};

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pictures.hpp"
#include "media/h265.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// As h264_sps.cpp, for the sets of H.265.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto sps = media::parse_h265_sps(own);
  if (sps) {
    require(sps->width_px > 0 && sps->height_px > 0, "a picture has a size");
    require(sps->chroma_format_idc <= 3, "four chroma formats");
    require(sps->temporal_layers >= 1 && sps->temporal_layers <= 7, "1 to 7 temporal layers");
    const auto text = media::h265_codecs_text(*sps);
    require(text.starts_with("hvc1.") && text.size() <= 64, "an RFC 6381 name");
  }
  if (const auto id = media::h265_pps_id(own)) require(*id < 64, "64 picture sets at most");
  const auto parameters = media::make_h265_parameters(own, own, {own});
  require(parameters.sps == own && parameters.vps == own, "sets are kept as they are");
  require(parameters.codecs.empty() == !sps.has_value(), "a name when the set can be read");
}

std::vector<std::string> seeds() {
  const auto stream = small_h265();
  return {as_text(stream.sets[0]), as_text(stream.sets[1]), as_text(stream.sets[2])};
}

const registration self{{"h265_sps", run, seeds, {"\x42\x01", "\x40\x01", "\x44\x01"}}};

}  // namespace

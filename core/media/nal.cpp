// SPDX-License-Identifier: Apache-2.0
#include "media/nal.hpp"

namespace vigie::media {

std::optional<codec_parameters> parameters_of(codec kind,
                                              std::span<const std::vector<std::uint8_t>> sets) {
  const bool is_h265 = kind == codec::h265;
  byte_view vps;
  byte_view sps;
  std::vector<byte_view> pps;
  for (const auto& set : sets) {
    if (set.size() <= nal_header_bytes(kind)) continue;
    if (nal_role_of(kind, set[0]) != nal_role::parameter_set) continue;
    const auto type =
        is_h265 ? static_cast<int>(h265_nal_of(set[0])) : static_cast<int>(h264_nal_of(set[0]));
    const bool is_vps = is_h265 && type == static_cast<int>(h265_nal::vps);
    const bool is_sps =
        type == (is_h265 ? static_cast<int>(h265_nal::sps) : static_cast<int>(h264_nal::sps));
    if (is_vps) {
      if (vps.empty()) vps = set;
    } else if (is_sps) {
      if (sps.empty() && set.size() >= 4) sps = set;
    } else {
      pps.emplace_back(set);
    }
  }
  if (sps.empty() || pps.empty() || (is_h265 && vps.empty())) return std::nullopt;
  return is_h265 ? make_h265_parameters(vps, sps, pps) : make_h264_parameters(sps, pps);
}

}  // namespace vigie::media

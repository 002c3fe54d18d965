// SPDX-License-Identifier: Apache-2.0
#include "media/annexb_unit.hpp"

#include <algorithm>
#include <memory>

#include "media/h264.hpp"

namespace vigie::media {
namespace {

constexpr std::size_t largest_unit_bytes = 4U << 20;  // as for pictures over RTP (camera-quirk 83)
constexpr std::size_t most_picture_sets = 32;

void append_sized(std::vector<std::uint8_t>& out, byte_view nal) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  out.insert(out.end(), nal.begin(), nal.end());
}

bool is_set(h264_nal type) noexcept { return type == h264_nal::sps || type == h264_nal::pps; }

}  // namespace

void annexb_units::learn(byte_view annexb) {
  for (const auto nal : split_annexb(annexb))
    if (!nal.empty() && is_set(h264_nal_of(nal[0]))) keep_set(nal);
}

void annexb_units::keep_set(byte_view nal) {
  const std::vector<std::uint8_t> bytes{nal.begin(), nal.end()};
  if (h264_nal_of(nal[0]) == h264_nal::sps) {
    if (bytes == sps_) return;
    sps_ = bytes;
    pps_.clear();  // picture sets refer to the sequence set before them
  } else {
    const auto id = h264_pps_id(nal);
    const auto same = std::find_if(pps_.begin(), pps_.end(),
                                   [&](const auto& known) { return h264_pps_id(known) == id; });
    if (same != pps_.end() && *same == bytes) return;
    if (same != pps_.end())
      *same = bytes;
    else if (pps_.size() < most_picture_sets)
      pps_.push_back(bytes);
  }
  parameters_.reset();
}

result<std::optional<annexb_units::content>> annexb_units::take(byte_view annexb) {
  if (kind_ != codec::h264) return fail(errc::sdp_codec, "only H.264 is recorded");
  if (annexb.size() > largest_unit_bytes) return fail(errc::codec_too_large, "over 4 MiB");
  content out;
  bool has_picture = false;
  for (const auto nal : split_annexb(annexb)) {
    if (nal.empty()) continue;
    const auto type = h264_nal_of(nal[0]);
    if (is_set(type)) {
      keep_set(nal);
      continue;
    }
    if (type == h264_nal::access_unit_delimiter || type == h264_nal::filler) continue;
    has_picture = has_picture || is_picture(type);
    out.is_key = out.is_key || type == h264_nal::idr_slice;
    append_sized(out.data, nal);
  }
  if (!has_picture) return fail(errc::codec_malformed, "no picture in it");
  if (sps_.empty() || pps_.empty()) return std::nullopt;
  if (!parameters_) {
    const std::vector<byte_view> pps{pps_.begin(), pps_.end()};
    parameters_ = std::make_shared<const codec_parameters>(make_h264_parameters(sps_, pps));
  }
  out.parameters = parameters_;
  return out;
}

}  // namespace vigie::media

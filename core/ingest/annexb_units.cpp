// SPDX-License-Identifier: Apache-2.0
#include "ingest/annexb_units.hpp"

#include "media/nal.hpp"

namespace vigie::ingest {
namespace {

constexpr std::size_t largest_unit_bytes = 4U << 20;  // as for pictures over RTP (camera-quirk 83)

void append_sized(std::vector<std::uint8_t>& out, byte_view nal) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  out.insert(out.end(), nal.begin(), nal.end());
}

}  // namespace

void annexb_units::learn(byte_view annexb) {
  for (const auto nal : media::split_annexb(annexb))
    if (!nal.empty() && media::nal_role_of(kind_, nal[0]) == media::nal_role::parameter_set)
      sets_.take(nal);
}

result<std::optional<annexb_units::content>> annexb_units::take(byte_view annexb) {
  if (annexb.size() > largest_unit_bytes) return fail(errc::codec_too_large, "over 4 MiB");
  content out;
  bool has_picture = false;
  for (const auto nal : media::split_annexb(annexb)) {
    if (nal.empty()) continue;
    switch (media::nal_role_of(kind_, nal[0])) {
      case media::nal_role::parameter_set:
        sets_.take(nal);
        continue;
      case media::nal_role::filler:
      case media::nal_role::invalid:
        continue;
      case media::nal_role::key_picture:
        out.is_key = true;
        has_picture = true;
        break;
      case media::nal_role::picture:
        has_picture = true;
        break;
      case media::nal_role::other:
        break;
    }
    append_sized(out.data, nal);
  }
  if (!has_picture) return fail(errc::codec_malformed, "no picture in it");
  out.parameters = sets_.current();
  if (!out.parameters) return std::nullopt;
  return out;
}

}  // namespace vigie::ingest

// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/frame_intake.hpp"

#include <cstring>
#include <iterator>
#include <utility>

namespace vigie::analytics::child {
namespace {

void append_nal(std::vector<std::uint8_t>& out, std::span<const std::uint8_t> nal) {
  constexpr std::uint8_t start_code[] = {0, 0, 0, 1};
  out.insert(out.end(), std::begin(start_code), std::end(start_code));
  out.insert(out.end(), nal.begin(), nal.end());
}

}  // namespace

bool take_frames(std::vector<std::uint8_t>& pending, std::vector<frame_order>& frames) {
  std::size_t used = 0;
  while (pending.size() - used >= sizeof(wire::frame_header)) {
    frame_order next;
    std::memcpy(&next.header, pending.data() + used, sizeof next.header);
    const auto& h = next.header;
    if (h.data_bytes > wire::max_frame_bytes || h.view_count > wire::max_views) return false;
    const std::size_t body = h.data_bytes;
    if (pending.size() - used - sizeof h < body) break;
    next.annex_b = to_annex_b(std::span{pending}.subspan(used + sizeof h, body));
    frames.push_back(std::move(next));
    used += sizeof h + body;
  }
  pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(used));
  return true;
}

std::vector<std::uint8_t> to_annex_b(std::span<const std::uint8_t> sized_nal_units) {
  std::vector<std::uint8_t> out;
  out.reserve(sized_nal_units.size() + 64 + decoder_padding_bytes);
  while (!sized_nal_units.empty()) {
    if (sized_nal_units.size() < 4) return {};
    const std::size_t size = std::size_t{sized_nal_units[0]} << 24 |
                             std::size_t{sized_nal_units[1]} << 16 |
                             std::size_t{sized_nal_units[2]} << 8 | std::size_t{sized_nal_units[3]};
    sized_nal_units = sized_nal_units.subspan(4);
    if (size > sized_nal_units.size()) return {};
    append_nal(out, sized_nal_units.first(size));
    sized_nal_units = sized_nal_units.subspan(size);
  }
  out.resize(out.size() + decoder_padding_bytes);
  return out;
}

}  // namespace vigie::analytics::child

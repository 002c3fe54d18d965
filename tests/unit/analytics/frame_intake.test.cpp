// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/frame_intake.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>

namespace {

namespace child = vigie::analytics::child;
namespace wire = vigie::analytics::wire;
using bytes = std::vector<std::uint8_t>;

bytes frame(std::uint32_t camera, const bytes& nals) {
  wire::frame_header header;
  header.camera_index = camera;
  header.data_bytes = static_cast<std::uint32_t>(nals.size());
  const auto* at = reinterpret_cast<const std::uint8_t*>(&header);
  bytes out(at, at + sizeof header);
  out.insert(out.end(), nals.begin(), nals.end());
  return out;
}

}  // namespace

TEST_CASE("frames: taken when complete, at whatever byte the centre's writing was cut") {
  auto all = frame(7, {0, 0, 0, 2, 0x65, 0x88});
  const auto second = frame(8, {});
  all.insert(all.end(), second.begin(), second.end());
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    bytes pending(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut));
    std::vector<child::frame_order> frames;
    REQUIRE(child::take_frames(pending, frames));
    pending.insert(pending.end(), all.begin() + static_cast<std::ptrdiff_t>(cut), all.end());
    REQUIRE(child::take_frames(pending, frames));
    REQUIRE(frames.size() == 2);
    CHECK(frames[0].header.camera_index == 7);
    CHECK(frames[0].annex_b.size() == 6 + child::decoder_padding_bytes);
    CHECK(frames[1].header.camera_index == 8);
    CHECK(pending.empty());
  }
}

TEST_CASE("frames: a size or a number of views beyond the wire's bounds ends the conversation") {
  auto too_long = frame(1, {});
  const std::uint32_t size = wire::max_frame_bytes + 1;
  std::copy_n(reinterpret_cast<const std::uint8_t*>(&size), sizeof size,
              too_long.begin() + offsetof(wire::frame_header, data_bytes));
  std::vector<child::frame_order> frames;
  CHECK_FALSE(child::take_frames(too_long, frames));
  auto too_many = frame(1, {});
  too_many[offsetof(wire::frame_header, view_count)] = wire::max_views + 1;
  CHECK_FALSE(child::take_frames(too_many, frames));
  CHECK(frames.empty());
}

TEST_CASE("frames: sizes that do not add up leave nothing to decode") {
  CHECK(child::to_annex_b(bytes{0, 0, 0, 3, 1, 2}).empty());
  CHECK(child::to_annex_b(bytes{0, 0, 0}).empty());
  CHECK(child::to_annex_b(bytes{0xff, 0xff, 0xff, 0xff, 1}).empty());
  CHECK(child::to_annex_b({}).size() == child::decoder_padding_bytes);
}

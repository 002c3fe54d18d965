// SPDX-License-Identifier: Apache-2.0
#include "verify/frame_mark.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

void add_nal(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& nal) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  to.insert(to.end(), nal.begin(), nal.end());
}

// A sample with the farm's mark in an SEI whose header is `header`, then a slice.
std::vector<std::uint8_t> sample(std::vector<std::uint8_t> header, std::uint8_t slice) {
  const std::string text = "VIGIE-SIM-FRAME1c=0000002a f=00000000000003e8 t=00061e0d0c0b0a09";
  header.insert(header.end(), {5, static_cast<std::uint8_t>(text.size())});
  header.insert(header.end(), text.begin(), text.end());
  header.push_back(0x80);
  std::vector<std::uint8_t> bytes;
  add_nal(bytes, header);
  add_nal(bytes, {slice, 1, 0x55, 0x55, 0x55});
  return bytes;
}

TEST_CASE("frame mark: read from H.265 as from H.264, key pictures told by the codec's own types") {
  for (const std::uint8_t slice : {std::uint8_t{19 << 1}, std::uint8_t{20 << 1},
                                   std::uint8_t{21 << 1}, std::uint8_t{1 << 1}}) {
    const auto seen = verify::read_picture(sample({0x4e, 0x01}, slice), true);
    REQUIRE(seen.mark);
    CHECK(seen.mark->camera == 42);
    CHECK(seen.mark->counter == 1000);
    CHECK(seen.is_sound);
    CHECK(seen.is_key == (slice != 1 << 1));
  }
  const auto h264 = verify::read_picture(sample({0x06}, 0x65));
  REQUIRE(h264.mark);
  CHECK(h264.mark->counter == 1000);
  CHECK(h264.is_key);
}

TEST_CASE("frame mark: one codec's picture is not taken for the other's") {
  CHECK_FALSE(verify::read_picture(sample({0x4e, 0x01}, 19 << 1)).mark);
  CHECK_FALSE(verify::read_picture(sample({0x06}, 0x65), true).mark);
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "rtp/h264_sprop.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "support/h264_clip.hpp"

using namespace vigie;

namespace {

std::string base64(byte_view bytes) {
  static constexpr char alphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? alphabet[word >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("sprop: the sets of a real stream are read") {
  const auto clip = test::make_clip(640, 360, 1, 1);
  const auto p = rtp::parameters_from_sprop(base64(clip.sps) + "," + base64(clip.pps));
  REQUIRE(p);
  CHECK(p->sps == clip.sps);
  CHECK(p->pps == clip.pps);
  CHECK(p->width_px == 640);
}

TEST_CASE("sprop: start codes, missing padding, blanks and swapped order are tolerated") {
  const auto clip = test::make_clip(640, 360, 1, 1);
  std::vector<std::uint8_t> prefixed{0, 0, 0, 1};
  prefixed.insert(prefixed.end(), clip.sps.begin(), clip.sps.end());
  prefixed.insert(prefixed.end(), {0, 0, 1});
  auto sps_text = base64(prefixed);
  while (sps_text.back() == '=') sps_text.pop_back();
  const auto p = rtp::parameters_from_sprop(base64(clip.pps) + ", " + sps_text);
  REQUIRE(p);
  CHECK(p->sps == clip.sps);
  CHECK(p->pps == clip.pps);
}

TEST_CASE("sprop: what cannot be read is nothing, never an error") {
  const auto clip = test::make_clip(640, 360, 1, 1);
  CHECK_FALSE(rtp::parameters_from_sprop(""));
  CHECK_FALSE(rtp::parameters_from_sprop(",,,"));
  CHECK_FALSE(rtp::parameters_from_sprop("!!!"));
  CHECK_FALSE(rtp::parameters_from_sprop(base64(clip.sps)));
  CHECK_FALSE(rtp::parameters_from_sprop("Z0IAHg=="));
  std::mt19937 random{75};
  for (int i = 0; i < 5000; ++i) {
    std::string text(random() % 60, 'A');
    for (char& c : text) c = static_cast<char>(random() % 96 + 32);
    rtp::parameters_from_sprop(text);
  }
  CHECK(rtp::parameters_from_sprop(base64(clip.sps) + ",@@," + base64(clip.pps)));
}

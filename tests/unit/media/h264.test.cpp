// SPDX-License-Identifier: Apache-2.0
#include "media/h264.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/h264_clip.hpp"

using namespace vigie;
using namespace vigie::media;

namespace {

using bytes = std::vector<std::uint8_t>;

std::optional<std::size_t> naive_search(const bytes& data, std::size_t from) {
  for (std::size_t i = from; i + 2 < data.size(); ++i)
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] <= 2) return i;
  return std::nullopt;
}

bytes of(byte_view view) { return {view.begin(), view.end()}; }

}  // namespace

TEST_SUITE_BEGIN("media");

TEST_CASE("h264: the picture size of real streams is read after cropping") {
  struct size {
    std::uint32_t width, height;
    std::string x264;
  };
  const size sizes[] = {{640, 360, "-pix_fmt yuv420p"},
                        {352, 288, "-pix_fmt yuv420p -profile:v baseline"},
                        {1920, 1080, "-pix_fmt yuv420p"},
                        {1920, 1080, "-pix_fmt yuv420p -flags +ildct -x264-params tff=1"},
                        {642, 362, "-pix_fmt yuv422p"},
                        {321, 181, "-pix_fmt yuv444p"},
                        {2592, 1944, "-pix_fmt yuv420p"},
                        {704, 576, "-pix_fmt yuv420p10le"}};
  for (const auto& expected : sizes) {
    CAPTURE(expected.width);
    CAPTURE(expected.x264);
    const auto clip = test::make_clip(expected.width, expected.height, 1, 1, expected.x264);
    const auto sps = parse_h264_sps(clip.sps);
    REQUIRE(sps);
    CHECK(sps->width_px == expected.width);
    CHECK(sps->height_px == expected.height);
    REQUIRE(sps->frames_per_s_hint);
    CHECK(*sps->frames_per_s_hint == doctest::Approx(12.0));
  }
}

TEST_CASE("h264: profile, level and chroma of a real stream") {
  const auto clip = test::make_clip(640, 360, 1, 1,
                                    "-pix_fmt yuv420p -preset veryfast -profile:v main -level 3.1");
  const auto sps = parse_h264_sps(clip.sps);
  REQUIRE(sps);
  CHECK(sps->profile_idc == 77);
  CHECK(sps->level_idc == 31);
  CHECK(sps->chroma_format_idc == 1);
  CHECK(sps->bit_depth_luma == 8);
  CHECK(h264_pps_id(clip.pps) == 0);
  const auto parameters = make_h264_parameters(clip.sps, {clip.pps});
  CHECK(parameters.codecs.substr(0, 7) == "avc1.4d");
  CHECK(parameters.codecs.substr(9) == "1f");
  CHECK(parameters.width_px == 640);
  CHECK(parameters.sps == clip.sps);
  CHECK(parameters.pps == clip.pps);
}

TEST_CASE("h264: a cut SPS fails or is read, and never reads past its end") {
  const auto clip = test::make_clip(1920, 1080, 1, 1);
  for (std::size_t size = 0; size < clip.sps.size(); ++size) {
    const bytes cut(clip.sps.begin(), clip.sps.begin() + static_cast<std::ptrdiff_t>(size));
    const auto sps = parse_h264_sps(cut);
    if (sps) CHECK(sps->width_px == 1920);
    if (size < 8) CHECK_FALSE(sps);
  }
}

TEST_CASE("h264: any bytes as SPS give a bounded size or a failure") {
  std::mt19937 random{20};
  for (int i = 0; i < 20'000; ++i) {
    bytes data(random() % 64);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    if (!data.empty()) data[0] = 0x67;
    if (data.size() > 1 && i % 2 == 0) data[1] = 100;
    const auto sps = parse_h264_sps(data);
    if (!sps) continue;
    CHECK(sps->width_px > 0);
    CHECK(sps->width_px <= 16'384);
    CHECK(sps->height_px > 0);
    CHECK(sps->height_px <= 16'384);
  }
}

TEST_CASE("h264: an SPS has an id up to 31") {
  const auto last = parse_h264_sps(bytes{0x67, 0x42, 0xc0, 0x1e, 0x04, 0x16, 0x84, 0x24, 0x40});
  REQUIRE(last);
  CHECK(last->id == 31);
  CHECK(last->width_px == 64);
  CHECK_FALSE(parse_h264_sps(bytes{0x67, 0x42, 0xc0, 0x1e, 0x04, 0x36, 0x84, 0x24, 0x40}));
}

TEST_CASE("h264: an SPS we cannot read still gives parameters") {
  const bytes odd{0x67, 0x64, 0x00, 0x1f, 0x00};
  const bytes pps{0x68, 0xce, 0x3c, 0x80};
  const auto parameters = make_h264_parameters(odd, {pps, pps});
  CHECK(parameters.sps == odd);
  CHECK(parameters.extra_pps.size() == 1);
  CHECK(parameters.width_px == 0);
  CHECK(parameters.codecs == "avc1.64001f");
  CHECK(h264_codecs_text(bytes{0x67}).empty());
}

TEST_CASE("h264: trailing garbage after an SPS is harmless") {
  auto clip = test::make_clip(640, 360, 1, 1);
  clip.sps.insert(clip.sps.end(), {0x00, 0x17, 0x5a, 0xff});
  const auto sps = parse_h264_sps(clip.sps);
  REQUIRE(sps);
  CHECK(sps->width_px == 640);
}

TEST_CASE("h264: the search for forbidden bytes finds what a plain loop finds") {
  std::mt19937 random{3};
  for (int round = 0; round < 3000; ++round) {
    bytes data(random() % 300);
    const auto kinds = round % 2 == 0 ? 4 : 30;  // pairs at once, or after whole blocks
    for (auto& b : data) b = static_cast<std::uint8_t>(random() % static_cast<unsigned>(kinds));
    const std::size_t from = random() % (data.size() + 2);
    const auto found = find_forbidden_sequence(data, from);
    const auto expected = naive_search(data, from);
    REQUIRE(found.has_value() == expected.has_value());
    if (found) {
      CHECK(found->offset == *expected);
      CHECK(found->third == data[*expected + 2]);
    }
  }
}

TEST_CASE("h264: Annex B is split at 3 and 4 byte start codes, zeros around left out") {
  const bytes stream{0, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 4, 5, 0, 0};
  const auto nals = split_annexb(stream);
  REQUIRE(nals.size() == 3);
  CHECK(of(nals[0]) == bytes{0x67, 1, 2});
  CHECK(of(nals[1]) == bytes{0x68, 3});
  CHECK(of(nals[2]) == bytes{0x65, 4, 5});

  const bytes unprefixed{0x67, 1, 0, 0, 1, 0x68, 2};
  const auto without_code = split_annexb(unprefixed);
  REQUIRE(without_code.size() == 2);
  CHECK(of(without_code[0]) == bytes{0x67, 1});
  CHECK(split_annexb(bytes{0, 0, 0, 1}).empty());
  CHECK(split_annexb(bytes{}).empty());
}

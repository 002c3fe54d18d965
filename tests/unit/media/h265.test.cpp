// SPDX-License-Identifier: Apache-2.0
#include "media/h265.hpp"

#include <doctest/doctest.h>

#include <random>

#include "media/nal.hpp"
#include "support/h264_clip.hpp"

using namespace vigie;
using namespace vigie::media;
using bytes = std::vector<std::uint8_t>;

TEST_SUITE_BEGIN("media");

TEST_CASE("h265: size, profile, level and depth of real streams are read") {
  struct form {
    std::uint32_t width, height;
    const char* arguments;
    unsigned profile, chroma, depth;
  };
  for (const auto& f :
       {form{640, 360, "-pix_fmt yuv420p", 1, 1, 8}, form{1922, 1082, "-pix_fmt yuv420p", 1, 1, 8},
        form{322, 242, "-pix_fmt yuv420p10le", 2, 1, 10},
        form{320, 242, "-pix_fmt yuv444p", 4, 3, 8}}) {
    CAPTURE(f.arguments);
    const auto clip = test::make_h265_clip(f.width, f.height, 2, 2, f.arguments);
    const auto sps = parse_h265_sps(clip.sps);
    REQUIRE(sps);
    CHECK(sps->width_px == f.width);
    CHECK(sps->height_px == f.height);
    CHECK(sps->profile_idc == f.profile);
    CHECK(sps->chroma_format_idc == f.chroma);
    CHECK(sps->bit_depth_luma == f.depth);
    CHECK(sps->bit_depth_chroma == f.depth);
    CHECK(sps->level_idc % 30 <= 6);
  }
}

TEST_CASE("h265: the codecs text is that of the standard's examples") {
  h265_sps sps;
  sps.profile_idc = 1;
  sps.compatibility_flags = 0x60000000;
  sps.level_idc = 93;
  sps.constraint_bytes = {0xb0, 0, 0, 0, 0, 0};
  CHECK(h265_codecs_text(sps) == "hvc1.1.6.L93.b0");
  sps.profile_space = 1;
  sps.profile_idc = 4;
  sps.compatibility_flags = 0x08000000;
  sps.is_high_tier = true;
  sps.level_idc = 120;
  sps.constraint_bytes = {0xb2, 0, 8, 0, 0, 0};
  CHECK(h265_codecs_text(sps) == "hvc1.A4.10.H120.b2.0.8");
  sps.constraint_bytes = {};
  CHECK(h265_codecs_text(sps) == "hvc1.A4.10.H120");
}

TEST_CASE("h265: a cut SPS fails or is read, and never reads past its end") {
  const auto clip = test::make_h265_clip(640, 360, 1, 1);
  for (std::size_t size = 0; size < clip.sps.size(); ++size) {
    const bytes cut(clip.sps.begin(), clip.sps.begin() + static_cast<std::ptrdiff_t>(size));
    if (const auto sps = parse_h265_sps(cut)) CHECK(sps->width_px == 640);
  }
  auto longer = clip.sps;
  longer.insert(longer.end(), 40, 0xff);  // trailing garbage (camera-quirk 75)
  CHECK(parse_h265_sps(longer)->width_px == 640);
}

TEST_CASE("h265: any bytes as parameter sets give bounded numbers or nothing") {
  std::mt19937 random{7798};
  for (int round = 0; round < 20'000; ++round) {
    bytes nal(random() % 80);
    for (auto& b : nal) b = static_cast<std::uint8_t>(random());
    if (!nal.empty()) nal[0] = random() % 2 == 0 ? 0x42 : 0x44;
    if (const auto sps = parse_h265_sps(nal)) {
      CHECK(sps->width_px <= 16'384);
      CHECK(sps->height_px <= 16'384);
      CHECK(sps->bit_depth_luma <= 15);
      CHECK(h265_codecs_text(*sps).starts_with("hvc1."));
    }
    if (const auto id = h265_pps_id(nal)) CHECK(*id <= 63);
    CHECK(make_h265_parameters(nal, nal, {nal}).sps == nal);
  }
}

TEST_CASE("nal: roles of both codecs' types") {
  const auto h265 = [](unsigned type) {
    return nal_role_of(codec::h265, static_cast<std::uint8_t>(type << 1));
  };
  CHECK(h265(0) == nal_role::picture);  // TRAIL_N (camera-quirk 78)
  CHECK(h265(9) == nal_role::picture);
  for (unsigned type = 16; type <= 23; ++type) CHECK(h265(type) == nal_role::key_picture);
  for (unsigned type = 32; type <= 34; ++type) CHECK(h265(type) == nal_role::parameter_set);
  CHECK(h265(35) == nal_role::other);
  CHECK(h265(38) == nal_role::filler);
  CHECK(h265(40) == nal_role::other);
  for (unsigned type = 48; type <= 63; ++type) CHECK(h265(type) == nal_role::invalid);
  CHECK(nal_role_of(codec::h264, 0x65) == nal_role::key_picture);
  CHECK(nal_role_of(codec::h264, 0x41) == nal_role::picture);
  CHECK(nal_role_of(codec::h264, 0x67) == nal_role::parameter_set);
  CHECK(nal_role_of(codec::h264, 0x0c) == nal_role::filler);
  CHECK(nal_role_of(codec::h264, 0x06) == nal_role::other);
  CHECK(nal_role_of(codec::h264, 0x00) == nal_role::invalid);
  CHECK(nal_role_of(codec::h264, 0x18) == nal_role::invalid);
}

TEST_CASE("nal: a description's sets make parameters only when they are all there") {
  const auto clip = test::make_h265_clip(320, 240, 1, 1);
  std::vector<bytes> sets{clip.pps, {}, {0x4e, 1}, clip.sps, clip.vps};
  const auto found = parameters_of(codec::h265, sets);
  REQUIRE(found);
  CHECK(*found == clip.parameters());
  sets.pop_back();
  CHECK_FALSE(parameters_of(codec::h265, sets));  // camera-quirk 78
  CHECK_FALSE(parameters_of(codec::h264, sets));
  const auto old = test::make_clip(320, 240, 1, 1);
  const std::vector<bytes> h264{old.sps, old.pps};
  CHECK(parameters_of(codec::h264, h264) == old.parameters());
}

// SPDX-License-Identifier: Apache-2.0
#include "ingest/annexb_units.hpp"

#include <doctest/doctest.h>

#include "media/h264.hpp"
#include "support/h264_clip.hpp"

namespace {

using namespace vigie;

std::vector<std::uint8_t> annexb(std::initializer_list<std::vector<std::uint8_t>> units) {
  std::vector<std::uint8_t> out;
  for (const auto& nal : units) {
    out.insert(out.end(), {0, 0, 0, 1});
    out.insert(out.end(), nal.begin(), nal.end());
  }
  return out;
}

const std::vector<std::uint8_t> idr{0x65, 0x88, 0x84, 0x00, 0x10};
const std::vector<std::uint8_t> slice{0x41, 0x9a, 0x24, 0x6c};

}  // namespace

TEST_CASE("annex B units: parameter sets inside or beside make the same unit") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  ingest::annexb_units inside{media::codec::h264};
  const auto a = inside.take(annexb({clip.sps, clip.pps, idr}));
  ingest::annexb_units beside{media::codec::h264};
  beside.learn(annexb({clip.sps, clip.pps}));
  const auto b = beside.take(annexb({idr}));
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  REQUIRE(a->has_value());
  REQUIRE(b->has_value());
  CHECK((*a)->is_key);
  CHECK((*a)->data == (*b)->data);
  CHECK(*(*a)->parameters == *(*b)->parameters);
  CHECK((*a)->parameters->width_px == 320);
  // Four bytes of size instead of a start code, parameter sets left out.
  CHECK((*a)->data == std::vector<std::uint8_t>{0, 0, 0, 5, 0x65, 0x88, 0x84, 0x00, 0x10});
}

TEST_CASE("annex B units: nothing comes before the parameter sets are known") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  ingest::annexb_units units{media::codec::h264};
  auto early = units.take(annexb({idr}));
  REQUIRE(early.has_value());
  CHECK_FALSE(early->has_value());
  units.learn(annexb({clip.sps}));
  early = units.take(annexb({idr}));
  REQUIRE(early.has_value());
  CHECK_FALSE(early->has_value());
  units.learn(annexb({clip.pps}));
  CHECK(units.take(annexb({slice})).value().has_value());
}

TEST_CASE("annex B units: the same sets again are the same parameters, other sets are others") {
  const auto clip = test::make_clip(320, 240, 1, 1);
  const auto other = test::make_clip(640, 360, 1, 1);
  ingest::annexb_units units{media::codec::h264};
  const auto first = units.take(annexb({clip.sps, clip.pps, idr})).value()->parameters;
  CHECK(units.take(annexb({clip.sps, clip.pps, idr})).value()->parameters == first);
  const auto changed = units.take(annexb({other.sps, other.pps, idr})).value()->parameters;
  CHECK(changed != first);
  CHECK(changed->width_px == 640);
}

TEST_CASE("annex B units: what is no picture is refused, and so is a codec that is not recorded") {
  ingest::annexb_units units{media::codec::h264};
  CHECK(units.take({}).error().code == errc::codec_malformed);
  const std::vector<std::uint8_t> rubbish(100, 0xff);
  CHECK(units.take(rubbish).error().code == errc::codec_malformed);
  const std::vector<std::uint8_t> bomb((4U << 20) + 1, 0x41);
  CHECK(units.take(bomb).error().code == errc::codec_too_large);
}

TEST_CASE("annex B units: H.265 with its three kinds of sets") {
  const auto clip = test::make_h265_clip(320, 240, 1, 1);
  const std::vector<std::uint8_t> key{0x26, 0x01, 0xaf, 0x08, 0x40};  // IDR_W_RADL
  ingest::annexb_units units{media::codec::h265};
  units.learn(annexb({clip.sps, clip.pps}));
  CHECK_FALSE(units.take(annexb({key})).value().has_value());  // no VPS yet
  const auto whole = units.take(annexb({clip.vps, clip.sps, clip.pps, key}));
  REQUIRE(whole.has_value());
  REQUIRE(whole->has_value());
  CHECK((*whole)->is_key);
  CHECK((*whole)->parameters->kind == media::codec::h265);
  CHECK((*whole)->parameters->width_px == 320);
  CHECK((*whole)->data.size() == 4 + key.size());
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <random>

#include "media/nal.hpp"
#include "support/h264_clip.hpp"
#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

namespace {

using nals = std::vector<bytes>;

// Invented H.265 NAL units: enough for a depacketizer, not for a decoder.
bytes h265_nal(unsigned type, std::size_t size, std::uint8_t fill = 0xa5) {
  bytes nal(size, fill);
  nal[0] = static_cast<std::uint8_t>(type << 1);
  nal[1] = 1;
  return nal;
}
const bytes vps = h265_nal(32, 12, 0x11);
const bytes sps = h265_nal(33, 20, 0x22);
const bytes pps = h265_nal(34, 6, 0xc1);
const bytes sei = h265_nal(39, 8, 0x33);
bytes idr_picture(std::size_t size = 300) { return h265_nal(19, size); }
bytes trail(std::size_t size = 80) { return h265_nal(1, size); }

rtp::receiver_options h265_options(bool has_donl = false) {
  rtp::receiver_options options;
  options.depacketizer.codec = media::codec::h265;
  options.depacketizer.has_donl = has_donl;
  return options;
}

/// A receiver that already gave out one key frame, and the camera that feeds it.
struct running {
  rtp::receiver receiver;
  rtp_camera camera{receiver};

  explicit running(rtp::receiver_options options = h265_options()) : receiver{options} {
    camera.picture({vps, sps, pps, idr_picture()});
    REQUIRE(camera.units.size() == 1);
    camera.units.clear();
  }
  rtp::unit_anomalies oddities() const { return receiver.counters().codec; }
  nals only_unit() const {
    REQUIRE(camera.units.size() == 1);
    const auto list = nals_of(*camera.units[0]);
    REQUIRE(list);
    return *list;
  }
};

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("h265: single NAL units, AP and FU give the same unit") {
  const bytes big = idr_picture(1000);
  for (const int way : {0, 1, 2}) {
    CAPTURE(way);
    rtp::receiver receiver{h265_options()};
    rtp_camera camera{receiver};
    if (way == 0) camera.picture({vps, sps, pps, sei, big});
    if (way == 1) camera.picture({make_ap({vps, sps, pps, sei, big})});
    if (way == 2) {
      camera.packet(make_ap({vps, sps, pps, sei}), false);
      camera.picture(make_fu(big, 100));
    }
    REQUIRE(camera.units.size() == 1);
    const auto& unit = *camera.units[0];
    CHECK(unit.is_key);
    CHECK(nals_of(unit) == nals{sei, big});
    CHECK(unit.parameters->kind == media::codec::h265);
    CHECK(unit.parameters->vps == vps);
    CHECK(unit.parameters->sps == sps);
    CHECK(unit.parameters->pps == pps);
    CHECK(receiver.counters().anomalies() == 0);
  }
}

TEST_CASE("h265: any size of fragments gives the same bytes") {
  bytes big = idr_picture(600);
  std::mt19937 random{7798};
  for (std::size_t i = 2; i < big.size(); ++i)
    big[i] = static_cast<std::uint8_t>(random() % 255 + 1);
  for (std::size_t piece = 1; piece < 600; ++piece) {
    running r;
    r.camera.picture(make_fu(big, piece));
    CHECK(r.only_unit() == nals{big});
  }
}

TEST_CASE("h265: several slices, and a suffix SEI behind them, are one picture") {
  running r;
  const auto second = [] {
    auto nal = trail(60);
    nal[2] = 0x25;  // not the first slice segment
    return nal;
  }();
  const auto suffix = h265_nal(40, 9, 0x44);
  r.camera.picture({trail(), second, suffix});
  CHECK(r.only_unit() == nals{trail(), second, suffix});
}

TEST_CASE("h265: every kind of random access picture may start a stream, others may not") {
  for (unsigned type = 0; type <= 31; ++type) {
    CAPTURE(type);
    rtp::receiver receiver{h265_options()};
    rtp_camera camera{receiver};
    camera.picture({vps, sps, pps, h265_nal(type, 90)});
    CHECK(camera.units.size() == (type >= 16 && type <= 23 ? 1 : 0));
  }
}

TEST_CASE("quirk 66: markers and timestamps end H.265 pictures as they do H.264's") {
  running r;
  r.camera.picture({trail(50)}, false);
  r.camera.packet(vps, true);  // quirk 67: ends the picture before it by its timestamp, and nothing
  CHECK(r.only_unit() == nals{trail(50)});
  CHECK(r.oddities().missing_markers == 1);
  CHECK(r.oddities().early_markers == 1);
}

TEST_CASE("quirk 69: an H.265 fragment that is start and end is a whole NAL unit") {
  running r;
  r.camera.picture(make_fu(trail(40), 100));
  CHECK(r.only_unit() == nals{trail(40)});
  CHECK(r.oddities().whole_fragments == 1);
}

TEST_CASE("quirk 70: the type may change between H.265 fragments, they may be empty") {
  running r;
  auto pieces = make_fu(trail(90), 30);
  pieces[1][2] = 19;
  pieces.insert(pieces.begin() + 1, bytes{49 << 1, 1, 1});
  r.camera.picture(pieces);
  CHECK(r.only_unit() == nals{trail(90)});
}

TEST_CASE("quirk 71: start codes inside H.265 NAL units split them, across fragments too") {
  rtp::receiver receiver{h265_options()};
  rtp_camera camera{receiver};
  bytes all = vps;
  for (const auto& nal : {sps, pps, idr_picture(120)}) {
    all.insert(all.end(), {0, 0, 0, 1});
    all.insert(all.end(), nal.begin(), nal.end());
  }
  camera.picture(make_fu(all, 23));
  REQUIRE(camera.units.size() == 1);
  CHECK(nals_of(*camera.units[0]) == nals{idr_picture(120)});
  CHECK(receiver.counters().codec.annexb == 1);
}

TEST_CASE("quirk 74: after a loss H.265 waits for the next random access picture") {
  running r;
  r.camera.lose();
  r.camera.picture({trail()});
  CHECK(r.camera.units.empty());
  r.camera.picture({h265_nal(21, 200)});
  REQUIRE(r.camera.units.size() == 1);
  CHECK(r.camera.units[0]->starts_after_loss);
}

TEST_CASE("quirk 76: another codec's parameters never mix, other H.265 ones are a new generation") {
  running r;
  auto other = sps;
  other[10] = 0x77;
  r.camera.picture({vps, other, pps, idr_picture()});
  REQUIRE(r.camera.units.size() == 1);
  CHECK(r.camera.units[0]->stream_generation == 2);
  CHECK(r.camera.units[0]->parameters->sps == other);
}

TEST_CASE("quirk 78: partial descriptions wait for the stream's own sets") {
  const auto described = media::make_h265_parameters({}, sps, {pps});
  rtp::receiver receiver{h265_options(), described};
  rtp_camera camera{receiver};
  camera.picture({idr_picture()});
  CHECK(camera.units.empty());
  camera.picture({vps, idr_picture()});
  REQUIRE(camera.units.size() == 1);
  CHECK(camera.units[0]->parameters->vps == vps);
}

TEST_CASE("quirk 78: decoding order numbers are taken off wherever they stand") {
  const bytes big = idr_picture(500);
  rtp::receiver receiver{h265_options(true)};
  rtp_camera camera{receiver};
  auto single = vps;
  single.insert(single.begin() + 2, {0, 7});
  camera.packet(single, false);
  camera.packet(make_ap({sps, pps, sei}, 8), false);
  camera.picture(make_fu(big, 100, 11));
  REQUIRE(camera.units.size() == 1);
  CHECK(nals_of(*camera.units[0]) == nals{sei, big});
  CHECK(camera.units[0]->parameters->vps == vps);
  CHECK(receiver.counters().anomalies() == 0);
}

TEST_CASE("quirk 82: H.265 packet types we do not read are counted and damage their picture only") {
  for (unsigned type = 50; type <= 63; ++type) {
    running r;
    r.camera.picture({h265_nal(type, 30), trail()});
    CHECK(r.camera.units.empty());
    CHECK(r.oddities().unsupported == 1);
    r.camera.picture({idr_picture()});
    CHECK(r.camera.units.size() == 1);
  }
}

TEST_CASE("h265: aggregates that say more than they hold damage their picture") {
  running r;
  r.camera.picture({bytes{48 << 1, 1, 0xff, 0xff, 2}, trail()});
  CHECK(r.camera.units.empty());
  CHECK(r.oddities().malformed == 1);
}

TEST_CASE("h265: real video in random fragments comes out byte for byte") {
  const auto clip = make_h265_clip(352, 288, 24, 8, "-pix_fmt yuv420p", ":slices=3");
  std::mt19937 random{265};
  rtp::receiver receiver{h265_options()};
  rtp_camera camera{receiver};
  std::vector<nals> expected;
  for (const auto& picture : clip.pictures) {
    std::vector<bytes> payloads;
    nals kept;
    for (const auto& nal : picture) {
      const auto role = media::nal_role_of(media::codec::h265, nal[0]);
      if (role != media::nal_role::parameter_set) kept.push_back(nal);
      if (nal.size() < 200 && random() % 2 == 0) {
        payloads.push_back(make_ap({nal}));
      } else if (random() % 3 == 0) {
        payloads.push_back(nal);
      } else {
        for (auto& piece : make_fu(nal, 1 + random() % 700)) payloads.push_back(std::move(piece));
      }
    }
    expected.push_back(kept);
    camera.picture(payloads);
  }
  REQUIRE(camera.units.size() == clip.pictures.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(nals_of(*camera.units[i]) == expected[i]);
    CHECK(camera.units[i]->is_key == (i % 8 == 0));
  }
  CHECK(*camera.units[0]->parameters == clip.parameters());
}

TEST_CASE("h265: whatever comes in, units are well formed and start with a key frame") {
  std::mt19937 random{49};
  for (int round = 0; round < 300; ++round) {
    rtp::receiver receiver{h265_options(round % 3 == 0)};
    rtp_camera camera{receiver};
    for (int i = 0; i < 200; ++i) {
      bytes payload(random() % 60);
      for (auto& b : payload) b = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
      if (payload.size() > 2) {
        constexpr unsigned types[] = {0, 1, 19, 21, 32, 33, 34, 39, 48, 49, 49, 49, 50};
        payload[0] = static_cast<std::uint8_t>(types[random() % 13] << 1);
        if (random() % 2 == 0) payload[2] = static_cast<std::uint8_t>(random());
      }
      camera.packet(payload, random() % 3 == 0);
      if (random() % 4 == 0) camera.next_picture();
      if (random() % 10 == 0) camera.lose();
    }
    std::uint32_t generation = 0;
    for (const auto& unit : camera.units) {
      REQUIRE(nals_of(*unit));
      if (unit->stream_generation != generation) CHECK(unit->is_key);
      generation = unit->stream_generation;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "rtp/depacketizer.hpp"

#include <doctest/doctest.h>

#include <random>

#include "media/h264.hpp"
#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

namespace {

using nals = std::vector<bytes>;

/// A receiver that already gave out one key frame, and the camera that feeds it.
struct running {
  rtp::receiver receiver;
  rtp_camera camera{receiver};

  explicit running(rtp::receiver_options options = {}) : receiver{options} {
    camera.key_picture();
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

rtp::receiver_options tolerant() {
  rtp::receiver_options options;
  options.depacketizer.ways.damaged_au = rtp::damage_policy::pass_damaged;
  return options;
}

bytes joined(std::initializer_list<bytes> parts) {
  bytes out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

const bytes start_code{0, 0, 0, 1};

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("depacketizer: single NAL units, STAP-A and FU-A give the same unit") {
  const bytes big = idr(1000);
  const auto pieces = make_fu_a(big, 100);
  for (const int way : {0, 1, 2}) {
    CAPTURE(way);
    rtp::receiver receiver{{}};
    rtp_camera camera{receiver};
    if (way == 0) camera.picture({invented_sps(), invented_pps(), invented_sei(), big});
    if (way == 1)
      camera.picture({make_stap_a({invented_sps(), invented_pps(), invented_sei(), big})});
    if (way == 2) {
      camera.packet(make_stap_a({invented_sps(), invented_pps(), invented_sei()}), false);
      camera.picture(pieces);
    }
    REQUIRE(camera.units.size() == 1);
    const auto& unit = *camera.units[0];
    CHECK(unit.is_key);
    CHECK_FALSE(unit.starts_after_loss);
    CHECK(nals_of(unit) == nals{invented_sei(), big});
    CHECK(unit.parameters->sps == invented_sps());
    CHECK(unit.parameters->pps == invented_pps());
    CHECK(receiver.counters().anomalies() == 0);
  }
}

TEST_CASE("depacketizer: any size of fragments gives the same bytes") {
  bytes big = idr(600);
  std::mt19937 random{6184};
  for (auto& b : big) b = static_cast<std::uint8_t>(random() % 255 + 1);
  big[0] = 0x65;
  for (std::size_t piece = 1; piece < 600; ++piece) {
    running r;
    r.camera.picture(make_fu_a(big, piece));
    CHECK(r.only_unit() == nals{big});
  }
}

TEST_CASE("depacketizer: several slices are one picture") {
  running r;
  r.camera.picture({slice(50), make_nal(0x41, 60, 0x11), make_nal(0x41, 70, 0x12)});
  CHECK(r.only_unit().size() == 3);
}

TEST_CASE("quirk 66: without markers a timestamp change ends the unit") {
  running r;
  r.camera.picture({slice(50)}, false);
  CHECK(r.camera.units.empty());
  const mono_ns arrival = r.camera.now_ns - 1'000'000'000 / 12;
  r.camera.picture({slice(60)}, false);
  CHECK(r.only_unit() == nals{slice(50)});
  CHECK(r.camera.units[0]->arrival_mono_ns == arrival);
  CHECK(r.oddities().missing_markers == 1);
}

TEST_CASE("quirk 67: a marker on parameter sets or SEI ends nothing") {
  running r;
  r.camera.packet(invented_sps(), true);
  r.camera.packet(invented_pps(), true);
  r.camera.packet(invented_sei(), true);
  CHECK(r.camera.units.empty());
  r.camera.picture({idr()});
  CHECK(r.only_unit() == nals{invented_sei(), idr()});
  CHECK(r.oddities().early_markers == 3);
}

TEST_CASE("quirk 68: the timestamp may change after the parameter sets") {
  running r;
  r.camera.packet(invented_sps(), false);
  r.camera.packet(invented_pps(), false);
  r.camera.fields.rtp_ts += 3000;
  const std::uint32_t picture_ts = r.camera.fields.rtp_ts;
  r.camera.picture({idr()});
  CHECK(r.only_unit() == nals{idr()});
  CHECK(r.camera.units[0]->rtp_ts == picture_ts);
}

TEST_CASE("quirk 69: a fragment that is start and end is a whole NAL unit") {
  running r;
  const auto nal = slice(40);
  const auto whole = make_fu_a(nal, 100);
  REQUIRE(whole.size() == 1);
  r.camera.picture(whole);
  CHECK(r.only_unit() == nals{nal});
  CHECK(r.oddities().whole_fragments == 1);
}

TEST_CASE("quirk 70: the type may change between fragments, fragments may be empty") {
  running r;
  const auto nal = slice(100);
  auto pieces = make_fu_a(nal, 40);
  pieces[1][1] = static_cast<std::uint8_t>(pieces[1][1] | 0x20 | 0x0f);  // reserved bit, other type
  pieces.insert(pieces.begin() + 1, bytes{pieces[1][0], pieces[1][1]});
  r.camera.picture(pieces);
  CHECK(r.only_unit() == nals{nal});
}

TEST_CASE("quirk 71: start codes inside a NAL unit split it, however it was sent") {
  const bytes tail = idr(200);
  const bytes stream = joined(
      {invented_sps(), start_code, invented_pps(), {0, 0, 1}, invented_sei(), start_code, tail});
  SUBCASE("in one packet") {
    running r;
    r.camera.picture({stream});
    CHECK(r.only_unit() == nals{invented_sei(), tail});
    CHECK(r.oddities().annexb == 1);
  }
  SUBCASE("with a start code before it") {
    running r;
    r.camera.picture({joined({start_code, stream})});
    CHECK(r.only_unit() == nals{invented_sei(), tail});
  }
  SUBCASE("in STAP-A") {
    running r;
    r.camera.picture({make_stap_a({stream})});
    CHECK(r.only_unit() == nals{invented_sei(), tail});
  }
  SUBCASE("in fragments, cut anywhere") {
    for (std::size_t piece = 1; piece < stream.size(); ++piece) {
      running r;
      r.camera.picture(make_fu_a(stream, piece));
      CHECK(r.only_unit() == nals{invented_sei(), tail});
    }
  }
}

TEST_CASE("quirk 71: 00 00 02 is counted and kept as it came") {
  running r;
  const auto nal = joined({slice(20), {0, 0, 2, 7}});
  r.camera.picture({nal});
  CHECK(r.only_unit() == nals{nal});
  CHECK(r.oddities().forbidden_bytes == 1);
}

TEST_CASE("quirk 72: zero sizes in STAP-A are padding") {
  running r;
  r.camera.picture({make_stap_a({{}, slice(30), {}, {}})});
  CHECK(r.only_unit() == nals{slice(30)});
  CHECK(r.oddities().malformed == 0);
}

TEST_CASE("depacketizer: a STAP-A that says more than it holds damages its picture") {
  running r;
  auto payload = make_stap_a({slice(30), slice(40)});
  payload.pop_back();
  r.camera.picture({payload});
  CHECK(r.camera.units.empty());
  CHECK(r.oddities().malformed == 1);
  r.camera.picture({slice()});
  CHECK(r.camera.units.empty());
  r.camera.key_picture();
  REQUIRE(r.camera.units.size() == 1);
  CHECK(r.camera.units[0]->starts_after_loss);
}

TEST_CASE("quirk 73: nothing before the first key frame, which says that something was missing") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.packet({0x7c, 0x05, 1, 2, 3}, false);  // the middle of a fragmented IDR
  camera.packet({0x7c, 0x45, 1, 2, 3}, true);
  camera.next_picture();
  camera.picture({slice()});
  camera.picture({slice()});
  CHECK(camera.units.empty());
  CHECK(receiver.counters().dropped_units == 3);
  camera.key_picture();
  REQUIRE(camera.units.size() == 1);
  CHECK(camera.units[0]->is_key);
  CHECK(camera.units[0]->starts_after_loss);
  CHECK(camera.units[0]->lost_packets == 0);
}

TEST_CASE("quirk 73: a key frame without any parameters is not given out") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.picture({idr()});
  CHECK(camera.units.empty());
  camera.key_picture();
  CHECK(camera.units.size() == 1);
}

TEST_CASE("quirk 74: after a loss nothing until the next whole key frame") {
  SUBCASE("between pictures") {
    running r;
    r.camera.lose(3);
    r.camera.picture({slice()});
    r.camera.picture({slice()});
    CHECK(r.camera.units.empty());
    r.camera.key_picture();
    REQUIRE(r.camera.units.size() == 1);
    CHECK(r.camera.units[0]->lost_packets == 3);
    CHECK(r.camera.units[0]->starts_after_loss);
    r.camera.picture({slice()});
    REQUIRE(r.camera.units.size() == 2);
    CHECK_FALSE(r.camera.units[1]->starts_after_loss);
    CHECK(r.camera.units[1]->lost_packets == 0);
    CHECK(r.camera.units[1]->sequence == r.camera.units[0]->sequence + 1);
  }
  SUBCASE("inside a fragmented key frame") {
    running r;
    auto pieces = make_fu_a(idr(500), 100);
    r.camera.packet(invented_sps(), false);
    r.camera.packet(invented_pps(), false);
    r.camera.packet(pieces[0], false);
    r.camera.lose();
    r.camera.picture({pieces[2], pieces[3], pieces[4]});
    CHECK(r.camera.units.empty());
    r.camera.key_picture();
    CHECK(r.camera.units.size() == 1);
  }
  SUBCASE("the end of a key frame") {
    running r;
    auto pieces = make_fu_a(idr(500), 100);
    for (std::size_t i = 0; i < 3; ++i) r.camera.packet(pieces[i], false);
    r.camera.lose(2);
    r.camera.next_picture();
    r.camera.picture({slice()});
    CHECK(r.camera.units.empty());
  }
  SUBCASE("the first slice of a key frame") {
    running r;
    r.camera.lose();
    r.camera.picture({make_nal(0x65, 100, 0x11)});  // first_mb_in_slice is not 0
    CHECK(r.camera.units.empty());
    r.camera.picture({idr(), make_nal(0x65, 100, 0x11)});
    CHECK(r.camera.units.size() == 1);
  }
}

TEST_CASE("quirk 74: pass_damaged goes on, and marks what is damaged") {
  running r{tolerant()};
  r.camera.lose(2);
  r.camera.picture({slice(50)});
  r.camera.picture({slice(60)});
  REQUIRE(r.camera.units.size() == 2);
  CHECK(r.camera.units[0]->starts_after_loss);
  CHECK(r.camera.units[0]->lost_packets == 2);
  CHECK_FALSE(r.camera.units[1]->starts_after_loss);
}

TEST_CASE("quirk 75: parameters of the SDP serve until the stream brings its own") {
  const auto sdp = media::make_h264_parameters(other_sps(), {invented_pps()});
  SUBCASE("without in-band sets") {
    rtp::receiver receiver{{}, sdp};
    rtp_camera camera{receiver};
    camera.picture({idr()});
    REQUIRE(camera.units.size() == 1);
    CHECK(camera.units[0]->parameters->sps == other_sps());
    CHECK(camera.units[0]->stream_generation == 1);
  }
  SUBCASE("in-band sets win") {
    const bytes sdp_pps{0x68, 0x53, 0x88};  // another id: must not stay beside the camera's own
    rtp::receiver receiver{{}, media::make_h264_parameters(other_sps(), {sdp_pps})};
    rtp_camera camera{receiver};
    camera.key_picture();
    REQUIRE(camera.units.size() == 1);
    CHECK(camera.units[0]->parameters->sps == invented_sps());
    CHECK(camera.units[0]->parameters->pps == invented_pps());
    CHECK(camera.units[0]->parameters->extra_pps.empty());
    CHECK(camera.units[0]->stream_generation == 1);
  }
}

TEST_CASE("quirk 76: other parameters start a new generation, at a key frame") {
  running r;
  r.camera.key_picture();
  r.camera.picture({other_sps(), invented_pps(), idr()});
  REQUIRE(r.camera.units.size() == 2);
  CHECK(r.camera.units[0]->stream_generation == 1);
  CHECK(r.camera.units[1]->stream_generation == 2);
  CHECK(r.camera.units[1]->parameters->sps == other_sps());
  CHECK(r.camera.units[0]->parameters->sps == invented_sps());

  // In the middle of a GOP they take effect at the next key frame.
  r.camera.units.clear();
  r.camera.picture({invented_sps(), invented_pps(), slice()});
  r.camera.picture({slice()});
  CHECK(r.camera.units.empty());
  r.camera.picture({idr()});
  REQUIRE(r.camera.units.size() == 1);
  CHECK(r.camera.units[0]->stream_generation == 3);
  CHECK(r.camera.units[0]->parameters->sps == invented_sps());
}

TEST_CASE("quirk 77: the same parameters again, or none, keep the generation") {
  running r;
  r.camera.key_picture();
  r.camera.picture({idr()});
  REQUIRE(r.camera.units.size() == 2);
  CHECK(r.camera.units[0]->stream_generation == 1);
  CHECK(r.camera.units[1]->stream_generation == 1);
  CHECK(r.camera.units[0]->parameters == r.camera.units[1]->parameters);
}

TEST_CASE("depacketizer: two picture parameter sets are both kept") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  const bytes second_pps{0x68, 0x53, 0x88};  // id 1
  for (int i = 0; i < 3; ++i) camera.picture({invented_sps(), invented_pps(), second_pps, idr()});
  REQUIRE(camera.units.size() == 3);
  CHECK(camera.units[2]->stream_generation == 1);
  CHECK(camera.units[0]->parameters->pps == invented_pps());
  CHECK(camera.units[0]->parameters->extra_pps == std::vector<bytes>{second_pps});
}

TEST_CASE("quirk 82: packet types we do not read are counted and damage their picture only") {
  for (const std::uint8_t type : {25, 26, 27, 29, 30, 31}) {
    running r;
    r.camera.packet({type, 0, 0, 0, 1, 2, 3}, false);
    r.camera.picture({slice()});
    CHECK(r.camera.units.empty());
    CHECK(r.oddities().unsupported == 1);
    r.camera.key_picture();
    CHECK(r.camera.units.size() == 1);
  }
}

TEST_CASE("quirk 83: a unit without end stays within 4 MiB and 1,024 NAL units") {
  SUBCASE("bytes") {
    running r;
    r.camera.packet({0x7c, 0x85, 1}, false);
    for (int i = 0; i < 200; ++i) r.camera.packet(joined({{0x7c, 0x05}, bytes(60'000, 7)}), false);
    CHECK(r.oddities().too_large == 1);
    r.camera.packet({0x7c, 0x45, 1}, true);
    CHECK(r.camera.units.empty());
    r.camera.next_picture();
    r.camera.key_picture();
    CHECK(r.camera.units.size() == 1);
  }
  SUBCASE("NAL units") {
    running r;
    for (int i = 0; i < 3000; ++i) r.camera.packet(slice(10), false);
    r.camera.packet(slice(10), true);
    CHECK(r.oddities().too_large == 1);
    CHECK(r.camera.units.empty());
  }
  SUBCASE("exactly 1,024 are allowed") {
    running r;
    r.camera.picture(std::vector<bytes>(1024, slice(10)));
    CHECK(r.only_unit().size() == 1024);
  }
}

TEST_CASE("depacketizer: parameter sets beyond our bounds are not taken") {
  running r;
  r.camera.packet(make_nal(0x67, 5000), false);
  r.camera.packet(bytes{0x67}, false);
  r.camera.packet(bytes{0x68}, false);
  r.camera.picture({idr()});
  CHECK(r.only_unit() == nals{idr()});
  CHECK(r.camera.units[0]->parameters->sps == invented_sps());
  CHECK(r.oddities().odd_parameters == 3);
}

TEST_CASE("depacketizer: filler leaves the stream, the delimiter and SEI stay byte for byte") {
  running r;
  const bytes delimiter{0x09, 0x10};
  r.camera.picture({delimiter, invented_sei(), slice(), make_nal(0x0c, 50)});
  CHECK(r.only_unit() == nals{delimiter, invented_sei(), slice()});
}

TEST_CASE("depacketizer: a fragmented NAL unit that another interrupts damages the picture") {
  running r;
  const auto pieces = make_fu_a(slice(100), 40);
  r.camera.packet(pieces[0], false);
  r.camera.picture({slice(20)});
  CHECK(r.camera.units.empty());
  CHECK(r.oddities().broken_fragments == 1);
}

TEST_CASE("depacketizer: whatever comes in, units are well formed and start with a key frame") {
  std::mt19937 random{2026};
  for (int round = 0; round < 300; ++round) {
    auto options = round % 2 == 0 ? rtp::receiver_options{} : tolerant();
    rtp::receiver receiver{options};
    rtp_camera camera{receiver};
    for (int i = 0; i < 200; ++i) {
      bytes payload(random() % 40);
      for (auto& b : payload)
        b = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 3 : random());
      switch (random() % 8) {
        case 0:
          payload = invented_sps();
          break;
        case 1:
          payload = invented_pps();
          break;
        case 2:
          payload = idr(30);
          break;
        case 3:
          payload = slice(30);
          break;
        case 4:
          payload.insert(payload.begin(), 24);
          break;
        case 5:
          payload.insert(payload.begin(), {0x7c, static_cast<std::uint8_t>(random())});
          break;
        default:
          break;
      }
      if (random() % 10 == 0) camera.lose(static_cast<std::uint16_t>(random() % 5));
      camera.packet(payload, random() % 3 == 0);
      if (random() % 2 == 0) camera.next_picture();
    }
    std::uint64_t sequence = 0;
    std::int64_t pts = -1;
    std::uint32_t generation = 0;
    for (const auto& unit : camera.units) {
      CHECK(nals_of(*unit));
      REQUIRE(unit->parameters);
      CHECK(unit->sequence == ++sequence);
      CHECK(unit->media_pts_us > pts);
      if (unit->stream_generation != generation) CHECK(unit->is_key);
      generation = unit->stream_generation;
      pts = unit->media_pts_us;
    }
  }
}

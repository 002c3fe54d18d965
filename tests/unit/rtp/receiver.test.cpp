// SPDX-License-Identifier: Apache-2.0
#include "rtp/receiver.hpp"

#include <doctest/doctest.h>

#include <random>

#include "support/fmp4_file.hpp"
#include "support/h264_clip.hpp"
#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

TEST_SUITE_BEGIN("rtp");

TEST_CASE("receiver: every field of a unit is filled") {
  rtp::receiver_options options;
  options.first_sequence = 41;
  options.first_generation = 7;
  rtp::receiver receiver{options};
  rtp_camera camera{receiver};
  camera.fields.rtp_ts = 0xffffff00;
  CHECK(receiver.next_generation() == 7);
  const mono_ns first_arrival = camera.now_ns;
  const utc_us first_utc = camera.now_utc();
  camera.key_picture();
  camera.picture({slice()});
  REQUIRE(camera.units.size() == 2);
  const auto& a = *camera.units[0];
  CHECK(a.sequence == 41);
  CHECK(a.stream_generation == 7);
  CHECK(a.rtp_ts == 0xffffff00);
  CHECK(a.media_pts_us == 0);
  CHECK(a.arrival_mono_ns == first_arrival);
  CHECK(a.capture_utc_us == first_utc);
  CHECK(a.quality == media::time_quality::arrival);
  const auto& b = *camera.units[1];
  CHECK(b.sequence == 42);
  CHECK(b.media_pts_us == 83'333);
  CHECK(receiver.next_sequence() == 43);
  CHECK(receiver.next_generation() == 8);

  const auto counters = receiver.counters();
  CHECK(counters.access_units == 2);
  CHECK(counters.key_frames == 1);
  CHECK(counters.packets == 4);
  CHECK(counters.anomalies() == 0);
}

TEST_CASE("receiver: a unit says how far its arrival may be off, and what its time is worth then") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.key_picture();
  camera.arrival_error_us = 250'000;
  camera.picture({slice()});
  camera.picture({slice()}, false);  // ended by the next one, which was read at once
  camera.arrival_error_us = 0;
  camera.picture({slice()});
  camera.picture({slice()});
  REQUIRE(camera.units.size() == 5);
  // Who ended a picture of a sweep shares its doubt.
  const std::vector<std::uint32_t> errors{0, 250'000, 250'000, 250'000, 0};
  for (std::size_t i = 0; i < errors.size(); ++i) {
    INFO("unit ", i);
    CHECK(camera.units[i]->arrival_error_us == errors[i]);
    CHECK(camera.units[i]->quality ==
          (errors[i] > 0 ? media::time_quality::swept_arrival : media::time_quality::arrival));
  }
}

TEST_CASE("receiver: real video in random fragments comes out byte for byte") {
  const auto clip = make_clip(352, 288, 40, 8, "-pix_fmt yuv420p -x264-params slices=3");
  const auto expected = units_of(clip, 0, 7500);
  std::mt19937 random{264};
  for (int round = 0; round < 20; ++round) {
    rtp::receiver receiver{{}};
    rtp_camera camera{receiver};
    for (const auto& picture : clip.pictures) {
      std::vector<bytes> payloads;
      for (const bytes& nal : picture) {
        const std::size_t piece = 20 + random() % 1500;
        if (nal.size() <= piece)
          payloads.push_back(nal);
        else
          for (auto& part : make_fu_a(nal, piece)) payloads.push_back(std::move(part));
      }
      camera.picture(payloads);
    }
    REQUIRE(camera.units.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(camera.units[i]->data == expected[i]->data);
      CHECK(camera.units[i]->is_key == expected[i]->is_key);
      CHECK(camera.units[i]->stream_generation == 1);
    }
    CHECK(camera.units[0]->parameters->width_px == 352);
  }
}

TEST_CASE("quirk 60: other payload types are not ours, even with our sequence numbers") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.key_picture();
  camera.fields.payload_type = 50;
  camera.packet({1, 2, 3}, true);
  --camera.fields.sequence_number;
  camera.fields.payload_type = 96;
  camera.picture({slice()});
  CHECK(camera.units.size() == 2);
  CHECK(receiver.counters().foreign_payload_types == 1);
  CHECK(receiver.counters().lost_packets == 0);
}

TEST_CASE("quirk 61: a foreign SSRC is dropped, and followed after 3 s of silence or a goodbye") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  const auto own = camera.fields.ssrc;
  camera.key_picture();
  rtp_camera other{receiver, 17};
  other.fields.ssrc = 0x99999999;
  other.fields.rtp_ts = 3'000'000'000;
  other.now_ns = camera.now_ns;

  other.key_picture();
  CHECK(other.units.empty());
  CHECK(receiver.counters().foreign_ssrcs == 3);

  SUBCASE("after 3 s without our own") { other.now_ns = camera.now_ns + 3'100'000'000; }
  SUBCASE("after a goodbye") {
    other.now_ns = camera.now_ns + 200'000'000;
    receiver.on_rtcp(make_bye(own), other.now_ns, other.now_utc());
  }
  other.picture({slice()});
  CHECK(other.units.empty());  // its first picture is no key frame
  other.key_picture();
  REQUIRE(other.units.size() == 1);
  CHECK(other.units[0]->sequence == 2);
  CHECK(other.units[0]->stream_generation == 2);
  CHECK(other.units[0]->starts_after_loss);
  CHECK(other.units[0]->media_pts_us > camera.units[0]->media_pts_us);
  CHECK(receiver.counters().lost_packets == 0);
  CHECK(receiver.counters().sender_restarts == 1);
}

TEST_CASE("quirk 64: a gap over TCP is counted on the next unit") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.key_picture();
  camera.lose(5);
  camera.key_picture();
  REQUIRE(camera.units.size() == 2);
  CHECK(camera.units[1]->lost_packets == 5);
  CHECK(receiver.counters().lost_packets == 5);
}

TEST_CASE("quirk 65: late and duplicate packets are dropped") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.key_picture();
  camera.fields.sequence_number -= 1;
  camera.packet(idr(), true);
  camera.fields.sequence_number -= 2;
  camera.packet(invented_pps(), false);
  camera.fields.sequence_number += 1;
  camera.picture({slice()});
  CHECK(camera.units.size() == 2);
  CHECK(receiver.counters().duplicate_packets == 1);
  CHECK(receiver.counters().late_packets == 1);
}

TEST_CASE("quirk 65: a sender that starts again goes on at its next key frame") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver, 30'000};
  camera.key_picture();
  camera.fields.sequence_number = 0;
  camera.picture({slice()});
  camera.picture({slice()});
  camera.key_picture();
  REQUIRE(camera.units.size() == 2);
  CHECK(camera.units[1]->starts_after_loss);
  CHECK(receiver.counters().sender_restarts == 1);
}

TEST_CASE(
    "quirk 84: an outlier is held, three in a row are a new generation at the next key frame") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.fields.rtp_ts = 10'000'000;
  camera.key_picture();
  camera.picture({slice()});
  const auto right = camera.fields.rtp_ts;
  camera.fields.rtp_ts = 4'000'000'000;
  camera.picture({slice()});
  camera.fields.rtp_ts = right + 7500;
  camera.picture({slice()});
  CHECK(receiver.counters().held_times == 1);

  camera.fields.rtp_ts = 0;  // the camera's clock starts anew
  for (int i = 0; i < 5; ++i) camera.picture({slice()});
  camera.key_picture();
  REQUIRE(camera.units.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CAPTURE(i);
    CHECK(camera.units[i]->stream_generation == (i < 9 ? 1u : 2u));
    CHECK(std::llabs(camera.units[i]->media_pts_us - static_cast<std::int64_t>(i) * 83'333) < 100);
  }
}

TEST_CASE("quirk 85: reports with zeros or of strangers change nothing") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  receiver.on_rtcp(make_sender_report(camera.fields.ssrc, 1, 1), 1, 1);
  camera.key_picture();
  const auto ntp = rtp::ntp_of_utc(camera.now_utc());
  receiver.on_rtcp(make_sender_report(camera.fields.ssrc, 0, 5), camera.now_ns, camera.now_utc());
  receiver.on_rtcp(make_sender_report(camera.fields.ssrc, ntp, 0), camera.now_ns, camera.now_utc());
  receiver.on_rtcp(make_sender_report(0xabcdef, ntp, 5), camera.now_ns, camera.now_utc());
  receiver.on_rtcp(bytes{1, 2, 3}, camera.now_ns, camera.now_utc());
  CHECK(receiver.counters().foreign_reports + receiver.counters().rtcp_anomalies == 4);
  CHECK_FALSE(receiver.clock_offset_us());
}

TEST_CASE("receiver: consistent sender reports give the camera's time and its offset") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  for (int i = 0; i < 3; ++i) {
    camera.key_picture();
    const auto ntp = rtp::ntp_of_utc(camera.now_utc() + 300'000);
    receiver.on_rtcp(make_sender_report(camera.fields.ssrc, ntp, camera.fields.rtp_ts),
                     camera.now_ns, camera.now_utc());
  }
  REQUIRE(receiver.clock_offset_us());
  CHECK(std::llabs(*receiver.clock_offset_us() - 300'000) <= 1);
  const utc_us seen = camera.now_utc() + 300'000;
  camera.key_picture();
  const auto& unit = *camera.units.back();
  CHECK(unit.quality == media::time_quality::sender_report);
  CHECK(std::llabs(unit.capture_utc_us - seen) < 50);
}

TEST_CASE("receiver: reports tell the camera what was lost since the last one") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver, 65'530};
  CHECK(receiver.receiver_report(0).at(0) == 0x80);  // nothing to report on yet
  camera.key_picture();
  camera.lose(3);
  camera.key_picture();  // 65530..65532, then 0..2: 6 of 9 came
  const auto ntp = std::uint64_t{0xe122334455667788};
  receiver.on_rtcp(make_sender_report(camera.fields.ssrc, ntp, 5), camera.now_ns, camera.now_utc());
  const auto report = receiver.receiver_report(camera.now_ns + 500'000'000);
  REQUIRE(report.size() >= 32);
  CHECK(report[0] == 0x81);
  CHECK(report[12] == 3 * 256 / 9);
  CHECK(report[15] == 3);
  CHECK(bytes(report.begin() + 16, report.begin() + 20) == bytes{0, 1, 0, 2});
  CHECK(bytes(report.begin() + 24, report.begin() + 28) == bytes{0x33, 0x44, 0x55, 0x66});
  CHECK(bytes(report.begin() + 28, report.begin() + 32) == bytes{0, 0, 0x80, 0});
  const auto second = receiver.receiver_report(camera.now_ns + 5'500'000'000);
  CHECK(second[12] == 0);
  CHECK(second[15] == 3);
}

TEST_CASE("receiver: random bytes as packets cost a counter each") {
  rtp::receiver receiver{{}};
  rtp_camera camera{receiver};
  camera.key_picture();
  std::mt19937 random{9};
  std::vector<media::access_unit_ptr> out;
  for (int i = 0; i < 20'000; ++i) {
    bytes data(random() % 60);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    receiver.push(data, camera.now_ns, camera.now_utc(), out);
    receiver.on_rtcp(data, camera.now_ns, camera.now_utc());
  }
  CHECK(out.empty());
  const auto counted = receiver.counters();
  CHECK(counted.malformed_packets + counted.foreign_payload_types + counted.foreign_ssrcs ==
        20'000);
  camera.picture({slice()});
  CHECK(camera.units.size() == 2);
}

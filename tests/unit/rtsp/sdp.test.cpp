// SPDX-License-Identifier: Apache-2.0
#include "rtsp/sdp.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace vigie;
using namespace vigie::rtsp;

namespace {

result<session_description> parsed(std::string_view text) {
  quirk_counters counters;
  return parse_sdp(text, counters);
}

using bytes = std::vector<std::uint8_t>;

constexpr auto ordinary =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=cam\r\nt=0 0\r\na=tool:vigie-sim 1\r\na=control:*\r\n"
    "m=audio 0 RTP/AVP 8\r\na=control:trackID=0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1;profile-level-id=42c01e;"
    "sprop-parameter-sets=Z0LAHtk=,aM48gA==\r\na=control:trackID=1\r\n"
    "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n";

}  // namespace

TEST_CASE("sdp: the video of an ordinary camera, audio and metadata left alone") {
  const auto found = parsed(ordinary);
  REQUIRE(found);
  CHECK(found->control == "*");
  CHECK(found->tool == "vigie-sim 1");
  CHECK(found->video.kind == media::codec::h264);
  CHECK(found->video.payload_type == 96);
  CHECK(found->video.clock_rate_hz == 90'000);
  CHECK(found->video.packetization_mode == 1);
  CHECK(found->video.control == "trackID=1");
  REQUIRE(found->video.parameter_sets.size() == 2);
  CHECK(found->video.parameter_sets[0] == bytes{0x67, 0x42, 0xc0, 0x1e, 0xd9});
  CHECK(found->video.parameter_sets[1] == bytes{0x68, 0xce, 0x3c, 0x80});
}

TEST_CASE("sdp: only a= and m= matter, the rest may be absent or absurd") {
  const auto found = parsed(
      "garbage\n\n\no=IPV4 -0x1f . ..\ns=\ns=twice\nc=SM x\nt=now-\nb=\x80\xff\n=\na=\na\n"
      "m=video 0 RTP/AVP 97\na=rtpmap:97 h264/90000 \n");
  REQUIRE(found);
  CHECK(found->video.payload_type == 97);
  CHECK(found->video.control == "");
}

TEST_CASE("sdp: a media section we cannot read or name is ignored with its attributes") {
  quirk_counters counters;
  const auto found = parse_sdp(
      "m=video\na=control:bad\nm=hologram 0 RTP/AVP 96\na=control:worse\n"
      "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=control:good\n",
      counters);
  REQUIRE(found);
  CHECK(found->video.control == "good");
  CHECK(found->control == "");
  CHECK(counters.ignored_media == 2);
}

TEST_CASE("sdp: the first payload type, and the first video, that we can record") {
  const auto types =
      parsed("m=video 0 RTP/AVP 98 99\na=rtpmap:98 AV1/90000\na=rtpmap:99 H264/90000\n");
  REQUIRE(types);
  CHECK(types->video.payload_type == 99);
  const auto tracks = parsed(
      "m=video 0 RTP/AVP 26\na=control:a\nm=video 0 TCP/RTP/AVP 96\na=rtpmap:96 H264/90000\n"
      "a=control:b\nm=video 0 RTP/AVP 97\na=rtpmap:97 H264/90000\na=control:c\n");
  REQUIRE(tracks);
  CHECK(tracks->video.control == "b");
}

TEST_CASE("sdp: format parameters may be empty, end in ';', come first or stand elsewhere") {
  CHECK(parsed("m=video 0 RTP/AVP 96\na=fmtp:96\na=rtpmap:96 H264/90000\n"));
  const auto early =
      parsed("m=video 0 RTP/AVP 96\na=fmtp:96 packetization-mode=1;\na=rtpmap:96 H264/90000\n");
  REQUIRE(early);
  CHECK(early->video.packetization_mode == 1);
  const auto elsewhere = parsed(
      "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 8\n"
      "a=fmtp:96 packetization-mode=1\n");
  REQUIRE(elsewhere);
  CHECK(elsewhere->video.packetization_mode == 1);
}

TEST_CASE("sdp: bad parameter sets are dropped, start codes around good ones removed") {
  const auto found = parsed(
      "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
      "a=fmtp:96 sprop-parameter-sets=!!!,AAAAAWdC,,=,aM48gA\n");
  REQUIRE(found);
  REQUIRE(found->video.parameter_sets.size() == 2);
  CHECK(found->video.parameter_sets[0] == bytes{0x67, 0x42});
  CHECK(found->video.parameter_sets[1] == bytes{0x68, 0xce, 0x3c, 0x80});
}

TEST_CASE("sdp: failures say whether media, video or codec is missing") {
  CHECK(parsed("").error().code == errc::sdp_malformed);
  CHECK(parsed("v=0\ns=x\n").error().code == errc::sdp_malformed);
  CHECK(parsed("m=audio 0 RTP/AVP 8\n").error().code == errc::sdp_no_video);
  const auto av1 = parsed("m=video 0 RTP/AVP 96\na=rtpmap:96 AV1/90000\n");
  CHECK(av1.error().code == errc::sdp_codec);
  CHECK(av1.error().detail.find("AV1") != std::string::npos);
  CHECK(parsed("m=video 0 MP2T/H2221/UDP 33\n").error().code == errc::sdp_codec);
  CHECK(parsed("m=video 0 RTP/SAVP 96\na=rtpmap:96 H264/90000\n").error().code == errc::sdp_codec);
  CHECK(parsed(std::string(300'000, 'a')).error().code == errc::sdp_malformed);
}

TEST_CASE("sdp: names from the camera are made printable and short") {
  const auto found = parsed("a=tool:\x1b[31m" + std::string(500, 'x') +
                            "\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n");
  REQUIRE(found);
  CHECK(found->tool.size() <= 128);
  CHECK(found->tool.front() == '?');
}

TEST_CASE("sdp: damage anywhere never does worse than an error") {
  const std::string good = ordinary;
  seeded_random random{11};
  for (int i = 0; i < 20'000; ++i) {
    auto text = good;
    for (auto n = 1 + random.next() % 6; n > 0; --n) {
      const auto at = random.next() % text.size();
      switch (random.next() % 3) {
        case 0:
          text[at] = static_cast<char>(random.next());
          break;
        case 1:
          text.erase(at, 1 + random.next() % 9);
          break;
        default:
          text.insert(at, text.substr(random.next() % text.size(), 12));
          break;
      }
      if (text.empty()) text += 'm';
    }
    const auto found = parsed(text);
    if (found) CHECK(found->video.payload_type < 128);
  }
}

TEST_CASE("sdp: H.265 with its sets, its name in any case, and decoding order numbers") {
  const auto whole = parsed(
      "m=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\n"
      "a=fmtp:96 sprop-vps=QAEM; sprop-sps=QgEB;sprop-pps=RAHB,RAHC;sprop-max-don-diff=0\n");
  REQUIRE(whole);
  CHECK(whole->video.kind == media::codec::h265);
  CHECK_FALSE(whole->video.has_donl);
  REQUIRE(whole->video.parameter_sets.size() == 4);
  CHECK(whole->video.parameter_sets[0] == bytes{0x40, 1, 0x0c});
  CHECK(whole->video.parameter_sets[3] == bytes{0x44, 1, 0xc2});
  CHECK(parsed("m=video 0 RTP/AVP 96\na=rtpmap:96 hevc/90000\n")->video.kind == media::codec::h265);
  const auto numbered =
      parsed("m=video 0 RTP/AVP 96\na=rtpmap:96 H265\na=fmtp:96 sprop-max-don-diff=2\n");
  REQUIRE(numbered);
  CHECK(numbered->video.has_donl);
}

TEST_CASE("sdp: several sets in one base64 text are parted at their start codes") {
  // 00 00 01 67 42 00 00 01 68 ce
  const auto found = parsed(
      "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 "
      "sprop-parameter-sets=AAABZ0IAAAFozg==\n");
  REQUIRE(found);
  REQUIRE(found->video.parameter_sets.size() == 2);
  CHECK(found->video.parameter_sets[1] == bytes{0x68, 0xce});
}

TEST_CASE("sdp: static payload types need no rtpmap and are named") {
  CHECK(parsed("m=video 0 RTP/AVP 26\n").error().detail.find("JPEG") != std::string::npos);
  CHECK(parsed("m=video 0 RTP/AVP 33\n").error().detail.find("MP2T") != std::string::npos);
  CHECK(parsed("m=video 0 RTP/AVP 99\n").error().detail.find("type 99") != std::string::npos);
  CHECK(parsed("m=video 0 RTP/AVP 96\na=rtpmap:96  H264/90000  \n")->video.payload_type == 96);
}

TEST_CASE("sdp: directions are not believed") {
  for (const auto* direction : {"sendonly", "recvonly", "inactive", "sendrecv"}) {
    const auto found = parsed("m=video 0 RTP/AVP 96\na=" + std::string{direction} +
                              "\na=rtpmap:96 H264/90000\na=recvonly\na=sendonly\n");
    CHECK(found);
  }
}

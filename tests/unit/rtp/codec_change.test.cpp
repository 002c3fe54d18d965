// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "media/nal.hpp"
#include "support/fmp4_file.hpp"
#include "support/h264_clip.hpp"
#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

namespace {

/// Sends a clip as a camera does, in fragments of 700 bytes.
std::vector<media::access_unit_ptr> sent(const video_clip& clip, rtp::receiver& receiver) {
  rtp_camera camera{receiver};
  for (const auto& picture : clip.pictures) {
    std::vector<bytes> payloads;
    for (const auto& nal : picture) {
      if (nal.size() <= 700)
        payloads.push_back(nal);
      else
        for (auto& piece :
             clip.kind == media::codec::h265 ? make_fu(nal, 700) : make_fu_a(nal, 700))
          payloads.push_back(std::move(piece));
    }
    camera.picture(payloads);
  }
  return camera.units;
}

std::string probed(const std::filesystem::path& file) {
  auto text = output_of(
      "ffprobe -v error -count_frames -show_entries "
      "stream=codec_name,width,height,nb_read_frames -of csv=p=0 " +
      file.string());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

TEST_SUITE_BEGIN("rtp");

TEST_CASE("codec change: what cameras of both codecs send is what recordings hold") {
  const temporary_folder folder;
  std::uint64_t next_sequence = 1;
  std::uint32_t next_generation = 1;
  std::uint32_t last_generation = 0;
  for (const auto kind : {media::codec::h264, media::codec::h265, media::codec::h264}) {
    const auto clip =
        kind == media::codec::h265 ? make_h265_clip(640, 360, 24, 12) : make_clip(640, 360, 24, 12);
    rtp::receiver_options options;
    options.depacketizer.codec = kind;
    options.first_sequence = next_sequence;
    options.first_generation = next_generation;
    rtp::receiver receiver{options};
    const auto units = sent(clip, receiver);
    REQUIRE(units.size() == 24);
    CHECK(units.front()->sequence == next_sequence);
    CHECK(units.front()->stream_generation > last_generation);
    CHECK(units.front()->parameters->kind == kind);
    CHECK(receiver.counters().anomalies() == 0);
    last_generation = units.back()->stream_generation;
    next_sequence = receiver.next_sequence();
    next_generation = receiver.next_generation();

    const auto file = folder.path() / "recording.mp4";
    write_file(file, whole_file(units, 7500, 12));
    CHECK(probed(file) == (kind == media::codec::h265 ? "hevc,640,360,24" : "h264,640,360,24"));
    CHECK(output_of("(ffmpeg -nostdin -v error -i " + file.string() + " -f null - 2>&1)").empty());
  }
}

TEST_CASE("codec change: another codec under the same payload type gives nothing, never garbage") {
  const auto clip = make_h265_clip(320, 240, 12, 12);
  rtp::receiver receiver{{}};
  CHECK(sent(clip, receiver).empty());
  rtp::receiver_options options;
  options.depacketizer.codec = media::codec::h265;
  rtp::receiver other{options};
  CHECK(sent(make_clip(320, 240, 12, 12), other).empty());
}

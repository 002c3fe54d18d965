// SPDX-License-Identifier: Apache-2.0
#include "media/fmp4.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "media/fmp4_scan.hpp"
#include "media/h265.hpp"
#include "support/fmp4_file.hpp"
#include "support/h264_clip.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::media;

namespace {

nlohmann::json probe(const std::filesystem::path& file, const std::string& what) {
  return nlohmann::json::parse(
      test::output_of("ffprobe -v error -of json " + what + " " + file.string()));
}

/// Decodes the whole file; what FFmpeg complains about comes back.
std::string decoding_errors(const std::filesystem::path& file) {
  return test::output_of("(ffmpeg -nostdin -v error -i " + file.string() + " -f null - 2>&1)");
}

}  // namespace

TEST_SUITE_BEGIN("media");

TEST_CASE("fmp4: ffprobe sees every frame, its time and its bytes") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "recording.mp4";
  const auto clip = test::make_clip(640, 360, 50, 12);
  REQUIRE(clip.pictures.size() == 50);
  constexpr std::uint32_t interval = 7500;  // 12 fps
  const auto units = test::units_of(clip, 1'700'000'000'000'000, interval);
  test::write_file(file, test::whole_file(units, interval, 12));

  const auto json = probe(file, "-count_frames -show_streams -show_packets -show_format");
  const auto& stream = json["streams"][0];
  REQUIRE(json["streams"].size() == 1);
  CHECK(stream["codec_name"] == "h264");
  CHECK(stream["codec_tag_string"] == "avc1");
  CHECK(stream["width"] == 640);
  CHECK(stream["height"] == 360);
  CHECK(stream["time_base"] == "1/90000");
  CHECK(stream["nb_read_frames"] == "50");
  CHECK(json["format"]["tags"]["creation_time"] == "2023-11-14T22:13:20.000000Z");

  const auto& packets = json["packets"];
  REQUIRE(packets.size() == 50);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CAPTURE(i);
    CHECK(packets[i]["pts"] == i * interval);
    CHECK(packets[i]["duration"] == interval);
    CHECK(packets[i]["size"] == std::to_string(units[i]->data.size()));
    const bool is_key = packets[i]["flags"].get<std::string>()[0] == 'K';
    CHECK(is_key == (i % 12 == 0));
  }
  CHECK(decoding_errors(file).empty());
}

TEST_CASE("fmp4: uneven frame times and a late start are kept") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "uneven.mp4";
  const auto clip = test::make_clip(352, 288, 6, 6, "-pix_fmt yuv420p -profile:v baseline");
  const auto units = test::units_of(clip, 0, 7500);
  const std::uint32_t durations[] = {1, 90'000, 7500, 3000, 450'000, 7500};
  const std::uint64_t late = std::uint64_t{1} << 40;  // beyond 32 bits
  std::vector<fmp4_sample> samples;
  for (std::size_t i = 0; i < units.size(); ++i) samples.push_back({units[i], durations[i]});
  auto bytes = make_init_segment(*units[0]->parameters, 0);
  test::append_fragment(bytes, 1, late, samples);
  test::write_file(file, bytes);

  const auto packets = probe(file, "-show_packets")["packets"];
  REQUIRE(packets.size() == 6);
  std::uint64_t expected = late;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CHECK(packets[i]["pts"] == expected);
    expected += durations[i];
  }
}

TEST_CASE("fmp4: high profiles carry their chroma format, so that FFmpeg decodes them") {
  const test::temporary_folder folder;
  for (const char* x264 : {"-pix_fmt yuv420p", "-pix_fmt yuv422p", "-pix_fmt yuv444p",
                           "-pix_fmt yuv420p10le", "-pix_fmt yuv420p -x264-params slices=4"}) {
    CAPTURE(x264);
    const auto file = folder.path() / "profile.mp4";
    const auto clip = test::make_clip(322, 242, 8, 4, x264);
    const auto units = test::units_of(clip, 0, 7500);
    test::write_file(file, test::whole_file(units, 7500, 4));
    const auto stream = probe(file, "-count_frames -show_streams")["streams"][0];
    CHECK(stream["nb_read_frames"] == "8");
    CHECK(stream["width"] == 322);
    CHECK(stream["height"] == 242);
    CHECK(decoding_errors(file).empty());
  }
}

TEST_CASE("fmp4: H.265 is hvc1, every frame and its bytes are seen, FFmpeg decodes it") {
  const test::temporary_folder folder;
  struct form {
    const char* arguments;
    const char* parameters;
  };
  for (const auto& [arguments, parameters] :
       {form{"-pix_fmt yuv420p", ""}, form{"-pix_fmt yuv420p10le", ""},
        form{"-pix_fmt yuv422p10le", ""}, form{"-pix_fmt yuv420p", ":slices=3"},
        form{"-pix_fmt yuv420p", ":open-gop=1"}}) {
    CAPTURE(arguments);
    CAPTURE(parameters);
    const auto file = folder.path() / "recording.mp4";
    const auto clip = test::make_h265_clip(642, 362, 20, 10, arguments, parameters);
    REQUIRE(clip.pictures.size() == 20);
    const auto units = test::units_of(clip, 1'700'000'000'000'000, 7500);
    CHECK(units[0]->parameters->width_px == 642);
    CHECK(units[0]->parameters->height_px == 362);
    const auto bytes = test::whole_file(units, 7500, 10);
    test::write_file(file, bytes);
    CHECK(codecs_of_init(bytes) == units[0]->parameters->codecs);

    const auto json = probe(file, "-count_frames -show_streams -show_packets");
    const auto& stream = json["streams"][0];
    CHECK(stream["codec_name"] == "hevc");
    CHECK(stream["codec_tag_string"] == "hvc1");
    CHECK(stream["width"] == 642);
    CHECK(stream["height"] == 362);
    CHECK(stream["nb_read_frames"] == "20");
    const auto& packets = json["packets"];
    REQUIRE(packets.size() == 20);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      CHECK(packets[i]["pts"] == i * 7500);
      CHECK(packets[i]["size"] == std::to_string(units[i]->data.size()));
      CHECK((packets[i]["flags"].get<std::string>()[0] == 'K') == (i % 10 == 0));
    }
    CHECK(decoding_errors(file).empty());
  }
}

TEST_CASE("fmp4: an H.265 SPS nobody can read still gives an init segment") {
  const auto parameters =
      make_h265_parameters(std::vector<std::uint8_t>{0x40, 1, 2},
                           std::vector<std::uint8_t>{0x42, 1, 0xff, 0xff}, {byte_view{}});
  CHECK(parameters.codecs.empty());
  const auto init = make_init_segment(parameters, 0);
  CHECK_FALSE(init.empty());
  CHECK(codecs_of_init(init).empty());
}

TEST_CASE("fmp4: the codec's name is read back from an H.264 init segment") {
  const auto clip = test::make_clip(352, 288, 1, 1);
  const auto init = make_init_segment(clip.parameters(), 0);
  CHECK(codecs_of_init(init) == clip.parameters().codecs);
  for (std::size_t size = 0; size < init.size(); ++size)
    codecs_of_init(byte_view{init}.first(size));
  CHECK(codecs_of_init({}).empty());
}

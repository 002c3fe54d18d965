// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "recording_lab.hpp"
#include "support/fmp4_file.hpp"
#include "support/h264_clip.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::recording;
using namespace std::chrono_literals;

namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    text.append(buffer, n);
  REQUIRE(::pclose(pipe) == 0);
  return text;
}

/// The NAL units of an Annex B stream (ITU-T H.264 B.1), without start codes.
std::vector<std::vector<std::uint8_t>> nal_units(const std::string& stream) {
  std::vector<std::vector<std::uint8_t>> units;
  for (auto at = stream.find(std::string{"\0\0\1", 3}); at != std::string::npos;) {
    const auto from = at + 3;
    at = stream.find(std::string{"\0\0\1", 3}, from);
    auto to = at == std::string::npos ? stream.size() : at;
    while (to > from && stream[to - 1] == '\0') --to;
    units.emplace_back(stream.begin() + static_cast<std::ptrdiff_t>(from),
                       stream.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return units;
}

/// Pictures of a real encoder, one slice each, at 25 frames a second.
std::vector<media::access_unit_ptr> real_pictures(int count, utc_us start) {
  const auto stream = output_of(
      "ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=25 -frames:v " +
      std::to_string(count) +
      " -c:v libx264 -preset ultrafast -threads 1 -g 25 -bf 0 -pix_fmt yuv420p -f h264 -");
  auto parameters = std::make_shared<media::codec_parameters>();
  std::vector<media::access_unit_ptr> pictures;
  for (const auto& nal : nal_units(stream)) {
    const auto type = nal[0] & 31;
    if (type == 7) parameters->sps = nal;
    if (type == 8) parameters->pps = nal;
    if (type != 1 && type != 5) continue;
    auto unit = std::make_shared<media::access_unit>();
    unit->sequence = pictures.size() + 1;
    unit->stream_generation = 1;
    unit->is_key = type == 5;
    unit->media_pts_us = static_cast<std::int64_t>(pictures.size()) * 40'000;
    unit->capture_utc_us = start + unit->media_pts_us;
    unit->parameters = parameters;
    std::vector<std::uint8_t> data;
    for (int shift = 24; shift >= 0; shift -= 8)
      data.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
    data.insert(data.end(), nal.begin(), nal.end());
    unit->data = std::move(data);
    pictures.push_back(std::move(unit));
  }
  parameters->width_px = 320;
  parameters->height_px = 180;
  parameters->codecs = "avc1.42c00d";
  return pictures;
}

std::string probe(const std::filesystem::path& file) {
  return output_of(
      "ffprobe -v error -count_frames -show_entries "
      "stream=codec_type,codec_name,width,height,nb_read_frames,time_base "
      "-of csv=p=0 " +
      file.string() + " 2>&1");
}

}  // namespace

TEST_CASE("recording: FFmpeg plays every file, also the one still being written, frame by frame") {
  vigie::test::memory_folder folder;
  const auto files = make_posix_disk();
  manual_clock time;
  day_indexes indexes{folder.path()};
  recorder_options options;
  options.writers = 0;
  options.cut.segment = 2s;
  recorder engine{options, *files, time, indexes, {}};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  const auto pictures = real_pictures(25 * 7, time.utc());
  REQUIRE(pictures.size() == 175);
  for (const auto& picture : pictures) {
    sink->on_access_unit(picture);
    time.advance(40ms);
  }
  CHECK(engine.flush(1s));
  const catalogue shown{indexes};
  const auto all = shown.list(camera_id{"cam-0001"}, 0, time.utc());
  REQUIRE(all);
  REQUIRE(all->size() == 3);  // the fourth file's first GOP is still open
  for (const auto& segment : *all) {
    CAPTURE(segment.id);
    CHECK(probe(segment.path) == "h264,video,320,180,1/90000,50\n");
  }
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  const auto last = shown.list(camera_id{"cam-0001"}, 0, time.utc())->back();
  CHECK(probe(last.path) == "h264,video,320,180,1/90000,25\n");
  CHECK(last.row.end_utc_us == 1'700'000'000'000'000 + 7'000'000);

  // A file torn anywhere plays up to its last whole fragment once it is cut there.
  REQUIRE(files->truncate(last.path, last.row.bytes - 1));
  REQUIRE(files->truncate((*all)[2].path, (*all)[2].row.bytes - 1));
  REQUIRE(indexes.drop(day_of(time.utc())));
  const auto outcome = recover(*files, indexes, time.utc());
  REQUIRE(outcome);
  CHECK(outcome->torn_files == 1);
  CHECK(outcome->removed_files == 1);
  CHECK(probe((*all)[2].path) == "h264,video,320,180,1/90000,25\n");
}

TEST_CASE("recording: a camera that changes its codec gets files of each, which FFmpeg plays") {
  vigie::test::memory_folder folder;
  const auto files = make_posix_disk();
  manual_clock time;
  day_indexes indexes{folder.path()};
  recorder_options options;
  options.writers = 0;
  options.cut.segment = 60s;
  recorder engine{options, *files, time, indexes, {}};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  std::uint64_t sequence = 0;
  std::int64_t pts_us = 0;
  std::vector<std::string> codecs;
  for (std::uint32_t generation = 1; generation <= 3; ++generation) {
    const auto clip = generation == 2 ? vigie::test::make_h265_clip(320, 180, 24, 12)
                                      : vigie::test::make_clip(320, 180, 24, 12);
    for (const auto& picture : vigie::test::units_of(clip, 0, 7500)) {
      auto unit = std::make_shared<media::access_unit>(*picture);
      unit->sequence = ++sequence;
      unit->stream_generation = generation;
      unit->media_pts_us = pts_us += 83'333;
      unit->capture_utc_us = time.utc();
      if (unit->is_key && (codecs.empty() || codecs.back() != unit->parameters->codecs))
        codecs.push_back(unit->parameters->codecs);
      sink->on_access_unit(std::move(unit));
      time.advance(83'333us);
    }
  }
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  const auto all = catalogue{indexes}.list(camera_id{"cam-0001"}, 0, time.utc());
  REQUIRE(all);
  REQUIRE(all->size() == 3);
  REQUIRE(codecs.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK((*all)[i].row.codecs == codecs[i]);
    CHECK(probe((*all)[i].path) ==
          (i == 1 ? "hevc,video,320,180,1/90000,24\n" : "h264,video,320,180,1/90000,24\n"));
    CHECK(output_of("ffmpeg -nostdin -v error -i " + (*all)[i].path.string() + " -f null - 2>&1")
              .empty());
  }

  // What the index said is found again in the files.
  REQUIRE(indexes.drop(day_of(time.utc())));
  REQUIRE(recover(*files, indexes, time.utc()));
  const auto again = catalogue{indexes}.list(camera_id{"cam-0001"}, 0, time.utc());
  REQUIRE(again);
  REQUIRE(again->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK((*again)[i].row.codecs == codecs[i]);
}

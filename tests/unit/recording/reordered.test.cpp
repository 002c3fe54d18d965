// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "recording/segmenter.hpp"
#include "rtp/receiver.hpp"
#include "support/h264_clip.hpp"
#include "support/rtp_camera.hpp"

using namespace vigie;
using namespace vigie::test;

namespace {

constexpr std::int64_t ticks_per_s = 90'000;

/// When each picture of a file is shown, in the order of the file, in 1/90,000 s after the first.
std::vector<std::int64_t> shown_times(const std::filesystem::path& file) {
  std::istringstream told{
      output_of("ffprobe -v error -select_streams v -show_entries packet=pts_time "
                "-of csv=p=0 " +
                file.string())};
  std::vector<std::int64_t> out;
  for (std::string line; std::getline(told, line);)
    if (!line.empty()) out.push_back(std::llround(std::atof(line.c_str()) * ticks_per_s));
  for (std::size_t i = out.size(); i-- > 0;) out[i] -= out[0];
  return out;
}

struct encoded {
  video_clip clip;
  std::vector<std::int64_t> shown;  ///< of each picture in decoding order
};

/// A real encoder's stream with B pictures, as `arguments` ask for them.
encoded encode(const std::filesystem::path& folder, const std::string& arguments) {
  const auto mp4 = (folder / "source.mp4").string();
  const auto raw = folder / "source.264";
  output_of(
      "ffmpeg -nostdin -y -v error -f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 100 "
      "-pix_fmt yuv420p -threads 1 " +
      arguments + " " + mp4);
  output_of("ffmpeg -nostdin -y -v error -i " + mp4 + " -c copy -bsf:v h264_mp4toannexb -f h264 " +
            raw.string());
  return {clip_of(media::codec::h264, read_file(raw)), shown_times(mp4)};
}

/// The stream over RTP, received and recorded; the file's bytes.
std::vector<std::uint8_t> record(const encoded& source, std::vector<std::int64_t>& composition) {
  rtp::receiver receiver{rtp::receiver_options{}};
  rtp_camera camera{receiver};
  constexpr std::uint32_t first_ts = 4'294'900'000;  // wraps on the way
  for (std::size_t i = 0; i < source.clip.pictures.size(); ++i) {
    camera.fields.rtp_ts = first_ts + static_cast<std::uint32_t>(source.shown[i]);
    const auto& nals = source.clip.pictures[i];
    for (std::size_t n = 0; n < nals.size(); ++n) camera.packet(nals[n], n + 1 == nals.size());
    camera.now_ns += 40'000'000;
  }
  recording::segmenter cutter{{}};
  std::vector<std::uint8_t> file;
  const auto write = [&](const std::vector<recording::segment_command>& commands) {
    for (const auto& command : commands) {
      if (const auto* open = std::get_if<recording::open_segment>(&command))
        file.insert(file.end(), open->init.begin(), open->init.end());
      const auto* fragment = std::get_if<recording::append_fragment>(&command);
      if (fragment == nullptr) continue;
      file.insert(file.end(), fragment->header.begin(), fragment->header.end());
      for (const auto& unit : fragment->units)
        file.insert(file.end(), unit->data.begin(), unit->data.end());
    }
  };
  std::int64_t last = -1;
  for (const auto& unit : camera.units) {
    CHECK(unit->media_pts_us > last);
    last = unit->media_pts_us;
    composition.push_back(unit->composition_us);
    write(cutter.push(unit, unit->capture_utc_us));
  }
  write(cutter.end());
  return file;
}

void check_recorded(const std::string& arguments, bool is_reordered) {
  CAPTURE(arguments);
  const temporary_folder folder;
  const auto source = encode(folder.path(), arguments);
  REQUIRE(source.clip.pictures.size() == 100);
  REQUIRE(source.shown.size() == 100);
  CHECK(std::is_sorted(source.shown.begin(), source.shown.end()) == !is_reordered);

  std::vector<std::int64_t> composition;
  const auto recorded = record(source, composition);
  REQUIRE(composition.size() == 100);
  const bool has_offsets =
      std::any_of(composition.begin(), composition.end(), [](auto us) { return us != 0; });
  CHECK(has_offsets == is_reordered);

  const auto file = folder.path() / "recorded.mp4";
  write_file(file, recorded);
  const auto shown = shown_times(file);
  REQUIRE(shown.size() == 100);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    CAPTURE(i);
    CHECK(std::llabs(shown[i] - source.shown[i]) <= 2);  // microseconds on the way
  }
  CHECK(output_of("ffmpeg -nostdin -v error -i " + file.string() + " -f null - 2>&1").empty());
}

}  // namespace

TEST_CASE("reordered pictures are recorded with the times at which they are shown") {
  check_recorded("-c:v libx264 -preset medium -bf 3 -b_strategy 0 -g 25", true);
  check_recorded("-c:v libx264 -preset medium -bf 2 -x264-params b-pyramid=none:keyint=50", true);
  check_recorded("-c:v libx264 -preset ultrafast -bf 0 -g 25", false);
}

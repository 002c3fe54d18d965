// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "media/fmp4.hpp"
#include "recording/recorder.hpp"
#include "support/recorded_feed.hpp"
#include "support/temporary_folder.hpp"
#include "verify/camera_check.hpp"
#include "verify/recordings_check.hpp"

using namespace vigie;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t gop = 24;

/// Adds a NAL unit after its size.
void add_nal(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& nal) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  for (const auto byte : nal) to.push_back(byte);
}

/// A picture as the farm sends them: its mark in an SEI, then a slice.
std::vector<std::uint8_t> marked(std::uint32_t camera, std::uint64_t counter, utc_us sent,
                                 bool is_key) {
  const auto text = fmt::format("VIGIE-SIM-FRAME1c={:08x} f={:016x} t={:016x}", camera, counter,
                                static_cast<std::uint64_t>(sent));
  std::vector<std::uint8_t> sei{6, 5, static_cast<std::uint8_t>(text.size())};
  for (const char c : text) sei.push_back(static_cast<std::uint8_t>(c));
  sei.push_back(0x80);
  std::vector<std::uint8_t> slice(150, 0x55);
  slice[0] = is_key ? 0x65 : 0x41;
  std::vector<std::uint8_t> bytes;
  add_nal(bytes, sei);
  add_nal(bytes, slice);
  return bytes;
}

/// A recordings folder made by the recorder itself, a minute of two cameras in files of ten
/// seconds.
class studio {
 public:
  struct script {
    std::function<bool(std::uint64_t counter)> is_sent = [](std::uint64_t) { return true; };
    std::function<std::uint64_t(std::uint64_t)> counter_of = [](std::uint64_t n) { return n; };
    std::function<std::uint32_t(std::uint64_t)> camera_of = [](std::uint64_t) { return 7u; };
    std::function<bool(std::uint64_t counter)> session_ends_before = [](std::uint64_t) {
      return false;
    };
  };

  studio() {
    record("cam-0008", {.is_sent = [](std::uint64_t) { return true; },
                        .counter_of = [](std::uint64_t n) { return n; },
                        .camera_of = [](std::uint64_t) { return 8u; },
                        .session_ends_before = [](std::uint64_t) { return false; }});
  }

  void record(const std::string& camera, const script& s) {
    const auto files = make_posix_disk();
    manual_clock time;
    recording::day_indexes indexes{folder.path()};
    recording::recorder_options options;
    options.writers = 0;
    options.cut.segment = 10s;
    recording::recorder engine{options, *files, time, indexes, {}};
    const auto sink = engine.make_sink(camera_id{camera});
    vigie::test::unit_source source{time.utc()};
    source.gop = gop;
    for (std::uint64_t n = 1; n <= gop * 30; ++n) {
      if (s.session_ends_before(n)) {
        sink->on_end_of_session();
        source.new_session();
      }
      auto unit = std::make_shared<media::access_unit>(*source.next());
      unit->is_key = unit->is_key || s.session_ends_before(n);
      unit->data = marked(s.camera_of(n), s.counter_of(n), unit->capture_utc_us, unit->is_key);
      if (s.is_sent(n)) sink->on_access_unit(unit);
      time.advance(83'333us);
    }
    sink->on_end_of_session();
    REQUIRE(engine.stop(1s));
  }

  verify::verdict judge(std::function<void(verify::check_options&)> adjust = {}) const {
    verify::check_options options;
    options.recordings = folder.path();
    if (adjust) adjust(options);
    return verify::check_recordings(options);
  }

  std::vector<fs::path> files_of(const std::string& camera) const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator{folder.path()})
      if (entry.path().parent_path().filename() == camera) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all;
  }

  vigie::test::memory_folder folder;
};

std::vector<char> contents(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
void rewrite(const fs::path& path, const std::vector<char>& bytes) {
  std::ofstream{path, std::ios::binary}.write(bytes.data(),
                                              static_cast<std::streamsize>(bytes.size()));
}
/// Offset of the n-th "moof" box.
std::size_t moof_of(const std::vector<char>& bytes, int n) {
  const std::string tag = "moof";
  auto at = bytes.begin();
  for (int i = 0; i <= n; ++i) {
    at = std::search(at, bytes.end(), tag.begin(), tag.end());
    REQUIRE(at != bytes.end());
    ++at;
  }
  return static_cast<std::size_t>(at - bytes.begin()) - 5;
}

}  // namespace

TEST_CASE("verify: what the recorder wrote is found whole") {
  studio s;
  s.record("cam-0007", {});
  const auto v = s.judge();
  CHECK(v.is_ok);
  CHECK(v.cameras == 2);
  CHECK(v.sum.files == 12);
  CHECK(v.sum.frames == 2 * gop * 30);
  CHECK(v.sum.seconds == doctest::Approx(120).epsilon(0.001));
  CHECK(v.sum.gaps.empty());
  CHECK(v.sum.problems.empty());
  const auto json = nlohmann::json::parse(verify::to_json(v, true));
  CHECK(json["ok"] == true);
  CHECK(json["lost"] == 0);
  CHECK(json["per_camera"]["cam-0007"]["last"] == gop * 30);
}

TEST_CASE("verify: one lost picture is found, inside a file and between two") {
  for (const std::uint64_t lost : {gop * 7 + 3, gop * 10, gop * 5 + 1}) {
    CAPTURE(lost);
    studio s;
    studio::script script;
    script.is_sent = [&](std::uint64_t n) { return n != lost; };
    s.record("cam-0007", script);
    const auto v = s.judge();
    CHECK_FALSE(v.is_ok);
    CHECK(v.sum.lost == 1);
    CHECK(v.forbidden_gaps == 0);
  }
}

TEST_CASE("verify: a repeated picture and one of another camera are found") {
  SUBCASE("repeated") {
    studio s;
    s.record("cam-0007", {});
    const auto files = s.files_of("cam-0007");
    auto bytes = contents(files[2]);
    const auto from = static_cast<std::ptrdiff_t>(moof_of(bytes, 1));
    const auto to = static_cast<std::ptrdiff_t>(moof_of(bytes, 2));
    const std::vector<char> fragment{bytes.begin() + from, bytes.begin() + to};
    bytes.insert(bytes.begin() + to, fragment.begin(), fragment.end());
    rewrite(files[2], bytes);
    const auto v = s.judge();
    CHECK_FALSE(v.is_ok);
    CHECK(v.sum.duplicated == gop);
    CHECK(v.sum.lost == 0);
    CHECK(v.sum.implausible > 0);  // its time overlaps as well
  }
  SUBCASE("of another camera, one picture") {
    studio s;
    studio::script script;
    script.camera_of = [](std::uint64_t n) { return n == 100 ? 9u : 7u; };
    s.record("cam-0007", script);
    const auto v = s.judge();
    CHECK_FALSE(v.is_ok);
    CHECK(v.sum.foreign == 1);
    CHECK(v.sum.lost == 1);
  }
  SUBCASE("of another camera, a whole file") {
    studio s;
    s.record("cam-0007", {});
    fs::copy_file(s.files_of("cam-0008")[3], s.files_of("cam-0007")[3],
                  fs::copy_options::overwrite_existing);
    const auto v = s.judge();
    CHECK_FALSE(v.is_ok);
    CHECK(v.sum.foreign == 5 * gop);
  }
}

TEST_CASE("verify: a missing fragment shows as a gap, forbidden unless allowed") {
  studio s;
  s.record("cam-0007", {});
  const auto files = s.files_of("cam-0007");
  auto bytes = contents(files[2]);
  bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(moof_of(bytes, 1)),
              bytes.begin() + static_cast<std::ptrdiff_t>(moof_of(bytes, 2)));
  rewrite(files[2], bytes);
  const auto v = s.judge();
  CHECK_FALSE(v.is_ok);
  REQUIRE(v.sum.gaps.size() == 1);
  CHECK(v.sum.gaps[0].from == 11 * gop + 1);
  CHECK(v.sum.gaps[0].to == 12 * gop);
  CHECK(s.judge([](auto& o) { o.allow_gaps = {"cam-0007"}; }).is_ok);
  CHECK_FALSE(s.judge([](auto& o) { o.allow_gaps = {"cam-0008"}; }).is_ok);
}

TEST_CASE("verify: a change of session is a gap, not a loss") {
  studio s;
  studio::script script;
  script.is_sent = [](std::uint64_t n) { return n <= 100 || n > 200; };
  script.session_ends_before = [](std::uint64_t n) { return n == 201; };
  s.record("cam-0007", script);
  const auto v = s.judge();
  CHECK(v.sum.lost == 0);
  REQUIRE(v.sum.gaps.size() == 1);
  CHECK(v.sum.gaps[0].from == 101);
  CHECK(v.sum.gaps[0].to == 200);
  CHECK(v.sum.gaps[0].seconds == doctest::Approx(8.33).epsilon(0.01));
  CHECK_FALSE(v.is_ok);
  CHECK(s.judge([](auto& o) { o.allow_gaps = {"all"}; }).is_ok);
}

TEST_CASE("verify: a camera that counts from anew is a restart, not a duplicate") {
  studio s;
  studio::script script;
  script.counter_of = [](std::uint64_t n) { return n <= 240 ? n : n - 240; };
  s.record("cam-0007", script);
  const auto v = s.judge();
  CHECK(v.is_ok);
  CHECK(v.sum.restarts == 1);
}

TEST_CASE("verify: a file torn anywhere is a torn tail at the end and damage elsewhere") {
  studio s;
  s.record("cam-0007", {});
  const auto files = s.files_of("cam-0007");
  const auto whole = contents(files.back());
  for (std::size_t keep = 0; keep < whole.size(); keep += 97) {
    CAPTURE(keep);
    rewrite(files.back(), {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(keep)});
    const auto v = s.judge([](auto& o) { o.after_kill = true; });
    CHECK(v.sum.unplayable + v.sum.torn_tail <= 1);
    if (v.sum.torn_tail == 1) {
      CHECK(v.is_ok);
      CHECK_FALSE(s.judge().is_ok);
    } else if (v.sum.unplayable == 1) {
      CHECK(v.sum.problems.front().find("without a single picture") != std::string::npos);
    }
    CHECK(v.sum.frames % gop == 0);
  }
  rewrite(files.back(), whole);
  const auto second = contents(files[1]);
  rewrite(files[1], {second.begin(), second.end() - 10});
  const auto v = s.judge([](auto& o) { o.after_kill = true; });
  CHECK_FALSE(v.is_ok);
  CHECK(v.sum.unplayable == 1);
}

TEST_CASE("verify: damage inside a file is found wherever it stands") {
  studio s;
  s.record("cam-0007", {});
  const auto file = s.files_of("cam-0007")[1];
  const auto whole = contents(file);
  const auto spoil = [&](const std::string& tag, std::ptrdiff_t offset, char value) {
    auto bytes = whole;
    auto at = std::search(bytes.begin(), bytes.end(), tag.begin(), tag.end());
    REQUIRE(at != bytes.end());
    REQUIRE(*(at + offset) != value);
    *(at + offset) = value;
    rewrite(file, bytes);
    const auto v = s.judge();
    CAPTURE(tag);
    CHECK_FALSE(v.is_ok);
    return v;
  };
  CHECK(spoil("ftyp", 0, 'x').sum.unplayable == 1);
  CHECK(spoil("vide", 0, 's').sum.unplayable == 1);
  CHECK(spoil("avc1", 0, 'h').sum.unplayable ==
        1);  // the brand list holds none: it is the sample entry
  CHECK(spoil("moof", 1, 'x').sum.unplayable == 1);
  CHECK(spoil("mdat", 2, 'x').sum.unplayable == 1);
  CHECK(spoil("trun", 11, 0x7f).sum.unplayable == 1);  // data offset
  CHECK(spoil("mdat", 7, 0x7f).sum.unplayable == 1);   // size of the first NAL unit
  CHECK(spoil("VIGIE-SIM-FRAME1", 0, 'X').sum.unnumbered == 1);
}

TEST_CASE("verify: a sound track is found (LEG-21)") {
  studio s;
  s.record("cam-0007", {});
  const auto file = s.files_of("cam-0007")[1];
  auto bytes = contents(file);
  const std::string trak = "trak";
  const std::string moov = "moov";
  const auto grow = [&](std::size_t tag_at, std::size_t by) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
      size = size << 8 | static_cast<std::uint8_t>(bytes[tag_at - 4 + i]);
    size += static_cast<std::uint32_t>(by);
    for (std::size_t i = 0; i < 4; ++i)
      bytes[tag_at - 4 + i] = static_cast<char>(size >> (24 - 8 * i));
    return size - static_cast<std::uint32_t>(by);
  };
  const auto find = [&](const std::string& tag) {
    return static_cast<std::size_t>(
        std::search(bytes.begin(), bytes.end(), tag.begin(), tag.end()) - bytes.begin());
  };
  const auto trak_at = find(trak);
  const auto trak_size = grow(trak_at, 0);
  std::vector<char> second{bytes.begin() + static_cast<std::ptrdiff_t>(trak_at) - 4,
                           bytes.begin() + static_cast<std::ptrdiff_t>(trak_at) - 4 + trak_size};
  const std::string vide = "vide";
  const std::string soun = "soun";
  std::copy(soun.begin(), soun.end(),
            std::search(second.begin(), second.end(), vide.begin(), vide.end()));
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(trak_at) - 4 + trak_size, second.begin(),
               second.end());
  grow(find(moov), second.size());
  rewrite(file, bytes);
  const auto v = s.judge();
  CHECK_FALSE(v.is_ok);
  CHECK(v.sum.audio_tracks == 1);
  CHECK(v.sum.unplayable == 0);
}

TEST_CASE("verify: time that does not pass as the pictures were sent is implausible") {
  studio s;
  s.record("cam-0007", {});
  const auto file = s.files_of("cam-0007")[1];
  auto bytes = contents(file);
  const std::string mdhd = "mdhd";
  const auto at = std::search(bytes.begin(), bytes.end(), mdhd.begin(), mdhd.end());
  *(at + 4 + 4 + 16 + 2) = 0x3f;  // the time scale: a file that plays at another speed
  rewrite(file, bytes);
  const auto v = s.judge();
  CHECK_FALSE(v.is_ok);
  CHECK(v.sum.implausible > 0);
}

TEST_CASE("verify: the sender's account finds cameras without recordings and unsent pictures") {
  studio s;
  s.record("cam-0007", {});
  vigie::test::memory_folder elsewhere;
  const auto account = elsewhere.path() / "sent.json";
  const auto tell = [&](std::uint64_t last) {
    const nlohmann::json stats{{"cameras",
                                {{{"id", "cam-0007"}, {"sent_frames", last}, {"last_frame", last}},
                                 {{"id", "cam-0009"}, {"sent_frames", 5}, {"last_frame", 5}},
                                 {{"id", "cam-0010"}, {"sent_frames", 0}, {"last_frame", 0}}}}};
    std::ofstream{account} << stats;
    return s.judge([&](auto& o) { o.sent = account; });
  };
  const auto v = tell(gop * 30);
  CHECK_FALSE(v.is_ok);
  CHECK(v.missing_cameras == 1);
  CHECK(v.sum.foreign == 0);
  CHECK(tell(gop * 30 - 2).sum.foreign == 2);
}

TEST_CASE("verify: only files that start in the interval are judged; nothing is never ok") {
  studio s;
  s.record("cam-0007", {});
  const auto start_ms = 1'700'000'000'000;
  const auto v =
      s.judge([&](auto& o) { o.from_ms = start_ms + 10'000, o.to_ms = start_ms + 30'000; });
  CHECK(v.is_ok);
  CHECK(v.sum.files == 4);
  CHECK_FALSE(s.judge([&](auto& o) { o.from_ms = start_ms + 1'000'000; }).is_ok);
  CHECK_THROWS(s.judge([&](auto& o) { o.recordings = s.folder.path() / "absent"; }));
}

TEST_CASE("verify: names of recordings are read strictly") {
  CHECK(verify::start_of_name("20261121T201533400Z.mp4") == 1'795'292'133'400);
  for (const auto* name : {"20261121T201533400Z.mp4x", "20261321T201533400Z.mp4", "index.db", "",
                           "20261121T20153340Z.mp4", "20261121T201533400.mp4"})
    CHECK_FALSE(verify::start_of_name(name));
}

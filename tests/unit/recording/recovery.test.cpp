// SPDX-License-Identifier: Apache-2.0
#include "recording/recovery.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/time_text.hpp"
#include "recording_lab.hpp"

using namespace vigie;
using namespace vigie::recording;
using namespace std::chrono_literals;
using vigie::test::is_run;
using vigie::test::recording_lab;
using vigie::test::unit_source;

namespace {

constexpr std::uint64_t gop = 24;
const std::vector<std::string> cameras{"cam-0001", "cam-0002"};

/// Two cameras record four GOPs each, in files of two, until the end or the disk's death. Returns
/// what each camera had shown when the disk died.
std::vector<std::uint64_t> record(recording_lab& lab, recorder& engine) {
  std::vector<ingest::sink_ptr> sinks;
  std::vector<unit_source> sources(cameras.size(), unit_source{lab.time.utc()});
  for (const auto& camera : cameras) sinks.push_back(engine.make_sink(camera_id{camera}));
  for (std::uint64_t picture = 0; picture < gop * 4 && !lab.files.is_dead(); ++picture)
    for (std::size_t i = 0; i < cameras.size(); ++i) {
      lab.show(*sinks[i], sources[i]);
      engine.pump();
      if (lab.files.is_dead()) break;
    }
  if (!lab.files.is_dead())
    for (auto& sink : sinks) {
      sink->on_end_of_session();
      engine.pump();
    }
  std::vector<std::uint64_t> shown;
  for (const auto& source : sources) shown.push_back(source.count());
  return shown;
}

recorder_options short_files() {
  auto options = recording_lab::by_hand();
  options.cut.segment = 3s;
  return options;
}

/// Rows say exactly what is on disk, everything closed and whole.
void check_agreement(recording_lab& lab) {
  std::vector<std::filesystem::path> indexed;
  for (const auto& row : lab.rows()) {
    const auto path = lab.folder.path() / segment_path(row.key);
    indexed.push_back(path);
    CHECK(row.state == segment_state::closed);
    CHECK(row.bytes == lab.files.size(path).value_or(0));
    CHECK(row.frames == lab.pictures_in(path).size());
    CHECK(row.frames > 0);
    CHECK(row.end_utc_us > row.key.start_utc_us);
    CHECK(row.codecs == "avc1.4d401e");
  }
  std::sort(indexed.begin(), indexed.end());
  CHECK(indexed == lab.files.files());
}

}  // namespace

TEST_CASE("recovery: killed at any write, all but the open fragment is there, whole and indexed") {
  std::uint64_t writes = 0;
  {
    recording_lab lab;
    recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
    record(lab, engine);
    writes = lab.files.writes();
  }
  REQUIRE(writes == 8);
  for (std::uint64_t at = 1; at <= writes; ++at) {
    CAPTURE(at);
    recording_lab lab;
    std::vector<std::uint64_t> shown;
    {
      recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
      lab.files.die_at_write(at);
      shown = record(lab, engine);
      REQUIRE(lab.files.is_dead());
    }
    lab.files.revive();
    const auto outcome = recover(lab.files, lab.indexes, lab.time.utc());
    REQUIRE(outcome);
    CHECK(outcome->unreadable_files == 0);
    check_agreement(lab);
    for (std::size_t i = 0; i < cameras.size(); ++i) {
      const auto numbers = lab.pictures_of(cameras[i]);
      CHECK(is_run(numbers, 1, numbers.size()));
      // The fragment being collected, and the one whose write was torn.
      CHECK(numbers.size() + 2 * gop >= shown[i]);
      CHECK(numbers.size() % gop == 0);
    }
    // The next run goes on beside what is there.
    recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
    record(lab, engine);
    CHECK(engine.stop(1s));
    check_agreement(lab);
    const auto again = recover(lab.files, lab.indexes, lab.time.utc());
    REQUIRE(again);
    CHECK(again->scanned_files == 0);
    CHECK(again->missing_files == 0);
  }
}

TEST_CASE("recovery: killed at any write of a recovery, the next one finishes") {
  for (std::uint64_t at = 1; at <= 3; ++at) {
    CAPTURE(at);
    recording_lab lab;
    {
      recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
      lab.files.die_at_write(6);
      record(lab, engine);
    }
    lab.files.revive();
    lab.files.die_at_write(at);
    (void)recover(lab.files, lab.indexes, lab.time.utc());
    lab.files.revive();
    REQUIRE(recover(lab.files, lab.indexes, lab.time.utc()));
    check_agreement(lab);
  }
}

TEST_CASE("recovery: a power cut leaves whole files of what was kept") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    recording_lab lab;
    {
      recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
      record(lab, engine);
    }
    for (std::uint64_t i = 0; i < seed; ++i) lab.files.cut_power();
    REQUIRE(recover(lab.files, lab.indexes, lab.time.utc()));
    check_agreement(lab);
  }
}

TEST_CASE("recovery: an index lost or damaged is rebuilt from the files alone") {
  for (const bool is_lost : {true, false}) {
    CAPTURE(is_lost);
    recording_lab lab;
    {
      recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
      record(lab, engine);
    }
    const auto before = lab.rows();
    const auto day = day_of(before.front().key.start_utc_us);
    REQUIRE(lab.indexes.drop(day));
    if (!is_lost) {
      std::filesystem::create_directories(lab.folder.path() / to_text(day));
      std::ofstream{lab.folder.path() / to_text(day) / "index.db"} << std::string(5000, '?');
    }
    const auto outcome = recover(lab.files, lab.indexes, lab.time.utc());
    REQUIRE(outcome);
    CHECK(outcome->rebuilt_indexes == 1);
    CHECK(outcome->adopted_files == before.size());
    const auto after = lab.rows();
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      CHECK(after[i].key == before[i].key);
      CHECK(after[i].bytes == before[i].bytes);
      CHECK(after[i].frames == before[i].frames);
      CHECK(after[i].codecs == before[i].codecs);
      CHECK(after[i].width_px == before[i].width_px);
      CHECK(std::abs(after[i].end_utc_us - before[i].end_utc_us) <
            1000);  // whole ms at a cut, ticks in a file
    }
  }
}

TEST_CASE(
    "recovery: a row whose file is gone is forgotten, one being erased is left to retention") {
  recording_lab lab;
  {
    recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
    record(lab, engine);
  }
  const auto rows = lab.rows();
  REQUIRE(rows.size() == 4);
  REQUIRE(lab.files.remove(lab.folder.path() / segment_path(rows[0].key)));
  REQUIRE(lab.files.remove(lab.folder.path() / segment_path(rows[1].key)));
  const std::vector erasing{rows[1].key};
  REQUIRE(lab.indexes.mark_erasing(erasing));
  const auto outcome = recover(lab.files, lab.indexes, lab.time.utc());
  REQUIRE(outcome);
  CHECK(outcome->missing_files == 1);
  CHECK_FALSE(lab.indexes.find(rows[0].key)->has_value());
  CHECK(lab.indexes.find(rows[1].key)->has_value());
}

TEST_CASE("recovery: a past day that agrees is sealed and not read again") {
  recording_lab lab;
  {
    recorder engine{short_files(), lab.files, lab.time, lab.indexes, lab.listener()};
    record(lab, engine);
  }
  const auto tomorrow = lab.time.utc() + 86'400'000'000;
  CHECK(recover(lab.files, lab.indexes, tomorrow)->days == 1);
  CHECK(recover(lab.files, lab.indexes, tomorrow)->days == 0);
}

TEST_CASE("recovery: what is not a recording is left alone") {
  recording_lab lab;
  const std::vector<std::uint8_t> bytes(100, 1);
  const std::vector<byte_view> parts{bytes};
  for (const auto* name : {"2026-11-21/cam-0001/notes.txt", "2026-11-21/cam-0001/x.mp4",
                           "lost+found/a.mp4", "2026-11-21/README"})
    REQUIRE(lab.files.append(lab.folder.path() / name, parts));
  REQUIRE(recover(lab.files, lab.indexes, lab.time.utc()));
  CHECK(lab.files.files().size() == 4);
  // Named like a recording, but without a fragment: nothing in it can be played.
  REQUIRE(lab.files.append(
      lab.folder.path() / segment_path({camera_id{"cam-0001"}, lab.time.utc()}), parts));
  CHECK(recover(lab.files, lab.indexes, lab.time.utc())->removed_files == 1);
  CHECK(lab.files.files().size() == 4);
}

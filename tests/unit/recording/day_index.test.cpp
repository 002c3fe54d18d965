// SPDX-License-Identifier: Apache-2.0
#include "recording/day_index.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "base/time_text.hpp"
#include "recording/catalogue.hpp"
#include "support/recorded_feed.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::recording;

namespace {

segment_row row_at(const std::string& camera, const std::string& start, std::int64_t seconds) {
  segment_row row;
  row.key = {camera_id{camera}, *from_rfc3339(start)};
  row.end_utc_us = row.key.start_utc_us + seconds * 1'000'000;
  row.bytes = 1000;
  row.frames = 10;
  row.state = segment_state::closed;
  row.codecs = "avc1.4d401e";
  return row;
}

std::vector<std::string> starts(const std::vector<segment_file>& files) {
  std::vector<std::string> all;
  for (const auto& f : files) all.push_back(f.id);
  return all;
}

}  // namespace

TEST_CASE("day_index: a camera's segments are found across days, oldest first") {
  vigie::test::memory_folder folder;
  day_indexes indexes{folder.path()};
  const std::vector rows{
      row_at("a", "2026-11-21T23:59:00.000Z", 90), row_at("a", "2026-11-22T00:00:30.000Z", 60),
      row_at("a", "2026-11-22T00:01:30.000Z", 60), row_at("b", "2026-11-22T00:01:00.000Z", 60)};
  REQUIRE(indexes.put(rows));
  const catalogue shown{indexes};
  const auto list = [&](const char* from, const char* to) {
    return starts(*shown.list(camera_id{"a"}, *from_rfc3339(from), *from_rfc3339(to)));
  };
  using ids = std::vector<std::string>;
  CHECK(list("2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z").size() == 3);
  // The segment of the day before that reaches over midnight.
  CHECK(list("2026-11-22T00:00:10Z", "2026-11-22T00:00:20Z") == ids{"a_20261121T235900000Z"});
  // Ends are open: what stops at `from` or starts at `to` does not touch.
  CHECK(list("2026-11-22T00:00:30Z", "2026-11-22T00:01:30Z") == ids{"a_20261122T000030000Z"});
  CHECK(list("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z").empty());
  CHECK(shown.totals()->segments == 4);
  CHECK(shown.totals()->frames == 40);
}

TEST_CASE("day_index: an id resolves to its file, and to nothing when it is being erased") {
  vigie::test::memory_folder folder;
  day_indexes indexes{folder.path()};
  const std::vector rows{row_at("cam-0001", "2026-11-21T20:15:33.400Z", 60)};
  REQUIRE(indexes.put(rows));
  const catalogue shown{indexes};
  const auto found = shown.resolve("cam-0001_20261121T201533400Z");
  REQUIRE(found);
  CHECK(found->path == folder.path() / "2026-11-21/cam-0001/20261121T201533400Z.mp4");
  CHECK(found->row.bytes == 1000);
  CHECK(shown.resolve("cam-0002_20261121T201533400Z").error().code == errc::not_found);
  CHECK(shown.resolve("cam-0001_20261122T201533400Z").error().code == errc::not_found);
  CHECK(shown.resolve("../../etc/passwd").error().code == errc::not_found);
  const std::vector keys{rows[0].key};
  REQUIRE(indexes.mark_erasing(keys));
  CHECK(shown.resolve("cam-0001_20261121T201533400Z").error().code == errc::not_found);
  CHECK(shown.list(camera_id{"cam-0001"}, 0, rows[0].end_utc_us)->empty());
}

TEST_CASE("day_index: rows are replaced whole, and reading creates no file") {
  vigie::test::memory_folder folder;
  day_indexes indexes{folder.path()};
  CHECK(indexes.rows_of({2026, 11, 21})->empty());
  CHECK(indexes.find(camera_id{"a"}, 0, 4'000'000'000'000'000)->empty());
  CHECK(indexes.days().empty());
  std::vector rows{row_at("a", "2026-11-21T10:00:00.000Z", 60)};
  REQUIRE(indexes.put(rows));
  rows[0].bytes = 2000;
  rows[0].shift_us = -5;
  REQUIRE(indexes.put(rows));
  const auto read = indexes.rows_of({2026, 11, 21});
  REQUIRE(read->size() == 1);
  CHECK(read->front().bytes == 2000);
  CHECK(read->front().shift_us == -5);
  CHECK(indexes.newest_end(camera_id{"a"}, *from_rfc3339("2026-11-22T12:00:00Z")) ==
        rows[0].end_utc_us);
  CHECK(indexes.newest_end(camera_id{"a"}, *from_rfc3339("2026-11-29T12:00:00Z")) == 0);
}

TEST_CASE("day_index: more days than connections are kept") {
  vigie::test::memory_folder folder;
  day_indexes indexes{folder.path()};
  for (int day = 1; day <= 28; ++day) {
    const auto start = (day < 10 ? "2026-02-0" : "2026-02-") + std::to_string(day) + "T10:00:00Z";
    const std::vector rows{row_at("a", start, 60)};
    REQUIRE(indexes.put(rows));
  }
  CHECK(indexes.days().size() == 28);
  CHECK(indexes
            .find(camera_id{"a"}, *from_rfc3339("2026-02-01T00:00:00Z"),
                  *from_rfc3339("2026-03-01T00:00:00Z"))
            ->size() == 28);
}

TEST_CASE("day_index: a day that changes is no longer sealed") {
  vigie::test::memory_folder folder;
  day_indexes indexes{folder.path()};
  const std::vector rows{row_at("a", "2026-11-21T10:00:00.000Z", 60)};
  REQUIRE(indexes.put(rows));
  CHECK_FALSE(*indexes.is_sealed({2026, 11, 21}));
  REQUIRE(indexes.seal({2026, 11, 21}));
  CHECK(*indexes.is_sealed({2026, 11, 21}));
  REQUIRE(indexes.put(rows));
  CHECK_FALSE(*indexes.is_sealed({2026, 11, 21}));
}

TEST_CASE("day_index: a damaged file is said to be so") {
  vigie::test::memory_folder folder;
  std::filesystem::create_directories(folder.path() / "2026-11-21");
  std::ofstream{folder.path() / "2026-11-21/index.db"} << std::string(8192, 'x');
  day_indexes indexes{folder.path()};
  CHECK(indexes.rows_of({2026, 11, 21}).error().code == errc::db_corrupt);
  CHECK(indexes.check({2026, 11, 21}).error().code == errc::db_corrupt);
  REQUIRE(indexes.drop({2026, 11, 21}));
  CHECK(indexes.days().empty());
}

TEST_CASE("day index: a lazily put row is seen by every read, and replaced by a real one") {
  vigie::test::memory_folder folder;
  const auto start = start_of({2026, 11, 21});
  segment_row row;
  row.key = {camera_id{"cam-1"}, start + 3'600'000'000};
  row.end_utc_us = row.key.start_utc_us + 1'000'000;
  row.bytes = 10;
  row.frames = 12;
  {
    day_indexes indexes{folder.path()};
    REQUIRE(indexes.put(std::vector{row}));
    row.end_utc_us += 5'000'000;
    row.bytes = 60;
    row.frames = 72;
    indexes.put_lazily(row);
    const auto found = indexes.find(row.key.camera, row.end_utc_us - 1, row.end_utc_us + 1);
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->front().bytes == 60);

    row.bytes = 70;
    indexes.put_lazily(row);
    CHECK(indexes.totals_of({2026, 11, 21})->bytes == 70);
    row.bytes = 80;
    indexes.put_lazily(row);
    CHECK(indexes.find(row.key)->value().bytes == 80);
    row.bytes = 85;
    indexes.put_lazily(row);
    CHECK(*indexes.newest_end(row.key.camera, row.end_utc_us) == row.end_utc_us);

    row.bytes = 90;
    row.state = segment_state::closed;
    REQUIRE(indexes.put(std::vector{row}));
    CHECK(indexes.find(row.key)->value().state == segment_state::closed);

    row.bytes = 1000;
    indexes.put_lazily(row);
    REQUIRE(indexes.erase(std::vector{row.key}));
    CHECK_FALSE(indexes.find(row.key)->has_value());
    row.key.start_utc_us += 60'000'000;
    indexes.put_lazily(row);
  }
  // What nobody read is gone with the process: recovery finds the file.
  day_indexes indexes{folder.path()};
  CHECK(indexes.rows_of({2026, 11, 21})->empty());
}

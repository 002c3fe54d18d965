// SPDX-License-Identifier: Apache-2.0
#include "recording/segmenter.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"
#include "support/recorded_feed.hpp"

using namespace vigie;
using namespace vigie::recording;
using namespace std::chrono_literals;
using vigie::test::unit_source;

namespace {

/// What came out, as files: start, end, and the numbers of the pictures in each fragment.
struct made_file {
  utc_us start = 0;
  utc_us end = 0;
  std::int64_t shift_us = 0;
  bool is_closed = false;
  std::vector<std::vector<std::uint64_t>> fragments;
  std::int64_t last_end_offset_us = 0;

  std::vector<std::uint64_t> pictures() const {
    std::vector<std::uint64_t> all;
    for (const auto& f : fragments) all.insert(all.end(), f.begin(), f.end());
    return all;
  }
};

class harness {
 public:
  explicit harness(segmenter_options options = {}, utc_us not_before = 0)
      : cutter{options, not_before} {}

  void feed(const media::access_unit_ptr& unit) { take(cutter.push(unit, unit->capture_utc_us)); }
  void feed(unit_source& source, std::size_t count, std::size_t bytes = 200) {
    for (std::size_t i = 0; i < count; ++i) feed(source.next(bytes));
  }
  void end() { take(cutter.end()); }

  void take(std::vector<segment_command> commands) {
    for (auto& command : commands) {
      if (const auto* open = std::get_if<open_segment>(&command)) {
        REQUIRE((files.empty() || files.back().is_closed));
        CHECK_FALSE(open->init.empty());
        auto& fresh = files.emplace_back();
        fresh.start = open->start_utc_us;
        fresh.shift_us = open->shift_us;
      } else if (const auto* fragment = std::get_if<append_fragment>(&command)) {
        REQUIRE((!files.empty() && !files.back().is_closed));
        std::vector<std::uint64_t> numbers;
        for (const auto& unit : fragment->units) numbers.push_back(unit->sequence);
        CHECK(fragment->end_offset_us > files.back().last_end_offset_us);
        files.back().fragments.push_back(std::move(numbers));
        files.back().last_end_offset_us = fragment->end_offset_us;
      } else {
        files.back().is_closed = true;
        files.back().end = std::get<close_segment>(command).end_utc_us;
      }
    }
  }

  std::vector<std::uint64_t> pictures() const {
    std::vector<std::uint64_t> all;
    for (const auto& f : files)
      for (const auto n : f.pictures()) all.push_back(n);
    return all;
  }
  bool files_do_not_overlap() const {
    for (std::size_t i = 0; i + 1 < files.size(); ++i)
      if (files[i].end > files[i + 1].start || files[i].start >= files[i + 1].start) return false;
    return true;
  }

  segmenter cutter;
  std::vector<made_file> files;
};

std::vector<std::uint64_t> range(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> all;
  for (auto n = from; n <= to; ++n) all.push_back(n);
  return all;
}

}  // namespace

TEST_CASE("segmenter: a fragment is a GOP, and every picture is in exactly one") {
  unit_source source;
  harness made;
  made.feed(source, 24 * 5);
  made.end();
  REQUIRE(made.files.size() == 1);
  CHECK(made.files[0].fragments.size() == 5);
  for (const auto& f : made.files[0].fragments) CHECK(f.size() == 24);
  CHECK(made.pictures() == range(1, 120));
  CHECK(made.files[0].is_closed);
}

TEST_CASE("segmenter: pictures before the first key frame are not recorded") {
  unit_source source;
  harness made;
  (void)source.next();
  made.feed(source, 23 + 24);
  made.end();
  CHECK(made.pictures() == range(25, 48));
}

TEST_CASE("segmenter: files are cut on the first key frame at or after the segment's length") {
  unit_source source{1'795'291'200'000'000, 100'000};
  source.gop = 25;  // 2.5 s
  segmenter_options options;
  options.segment = 6s;
  harness made{options};
  made.feed(source, 25 * 9);
  made.end();
  REQUIRE(made.files.size() == 3);  // 7.5 s each
  for (const auto& f : made.files) CHECK(f.pictures().size() == 75);
  CHECK(made.files_do_not_overlap());
  CHECK(made.files[0].end == made.files[1].start);
  CHECK(made.files[1].end - made.files[1].start == 7'500'000);
}

TEST_CASE("segmenter: a fragment ends at its size, and at its span, without a key frame") {
  unit_source source;
  source.gop = 1000;
  SUBCASE("size") {
    harness made;
    made.feed(source, 10, 100'000);
    made.end();
    REQUIRE(made.files.size() == 1);
    CHECK(made.files[0].fragments[0].size() == 3);  // 262,144 bytes are reached with the third
  }
  SUBCASE("span") {
    harness made;
    made.feed(source, 100);
    made.end();
    CHECK(made.files[0].fragments[0].size() == 37);  // 36 intervals of 83 ms are 3.0 s
  }
  SUBCASE("one picture larger than a fragment") {
    harness made;
    made.feed(source, 3, 1'000'000);
    made.end();
    CHECK(made.files[0].fragments.size() == 3);
  }
}

TEST_CASE("segmenter: the end of a session writes what is buffered, the last picture included") {
  unit_source source;
  harness made;
  made.feed(source, 30);
  made.end();
  CHECK(made.pictures() == range(1, 30));
  CHECK(made.files[0].last_end_offset_us == 30 * 83'333);
  made.end();
  CHECK(made.files.size() == 1);
}

TEST_CASE("segmenter: a single picture gets a duration of its own") {
  unit_source source;
  harness made;
  made.feed(source, 1);
  made.end();
  REQUIRE(made.files.size() == 1);
  CHECK(made.files[0].end - made.files[0].start == 40'000);
}

TEST_CASE("segmenter: a new generation starts a new file at its first key frame") {
  unit_source source;
  harness made;
  made.feed(source, 30);
  source.new_session();
  made.feed(source, 30);
  made.end();
  REQUIRE(made.files.size() == 2);
  CHECK(made.files[0].pictures() == range(1, 30));
  CHECK(made.files[1].pictures() == range(31, 60));
  CHECK(made.files_do_not_overlap());
}

TEST_CASE("segmenter: media time that goes back ends the file") {
  unit_source source;
  harness made;
  made.feed(source, 24);
  source.advance(-1s);
  made.feed(source, 24);
  made.end();
  CHECK(made.files.size() == 2);
  CHECK(made.pictures() == range(1, 48));
}

TEST_CASE("segmenter: a gap ends the file where the pictures ended") {
  unit_source source;
  harness made;
  made.feed(source, 24);
  source.advance(10s);
  made.feed(source, 24);
  made.end();
  REQUIRE(made.files.size() == 2);
  CHECK(made.files[0].end - made.files[0].start == 24 * 83'333);
  CHECK(made.files[1].start - made.files[0].end >= 9'990'000);
}

TEST_CASE("segmenter: after a gap inside a GOP no picture is lost and the next key frame cuts") {
  unit_source source;
  harness made;
  made.feed(source, 10);
  source.advance(5s);
  made.feed(source, 14 + 24);
  made.end();
  REQUIRE(made.files.size() == 2);
  CHECK(made.files[0].pictures() == range(1, 24));
  CHECK(made.files[1].pictures() == range(25, 48));
}

TEST_CASE("segmenter: a camera of one picture in five seconds is slow, not interrupted") {
  unit_source source{1'795'291'200'000'000, 5'000'000};
  source.gop = 1;
  harness made;
  made.feed(source, 60);
  made.end();
  CHECK(made.pictures() == range(1, 60));
  CHECK(made.files.size() < 10);
}

TEST_CASE("segmenter: the UTC day changes file and folder") {
  unit_source source{*from_rfc3339("2026-11-21T23:59:55Z")};
  harness made;
  made.feed(source, 24 * 6);
  made.end();
  REQUIRE(made.files.size() == 2);
  CHECK(to_text(day_of(made.files[0].start)) == "2026-11-21");
  CHECK(to_text(day_of(made.files[1].start)) == "2026-11-22");
  CHECK(made.files_do_not_overlap());
}

TEST_CASE("segmenter: a step of the wall clock neither cuts nor overlaps files") {
  for (const auto step : {std::chrono::microseconds{-3600s}, std::chrono::microseconds{-5s},
                          std::chrono::microseconds{5s}, std::chrono::microseconds{3600s}}) {
    CAPTURE(step.count());
    unit_source source;
    harness made;
    made.feed(source, 24 * 10);
    source.step_wall_clock(step);
    made.feed(source, 24 * 10);
    CHECK(made.files.size() <= 1);  // nothing cut before the minute is over
    made.feed(source, 24 * 60);
    made.end();
    CHECK(made.pictures() == range(1, 24 * 80));
    CHECK(made.files_do_not_overlap());
    if (step < 0us)
      CHECK(made.files[1].shift_us > 4'000'000);
    else
      CHECK(made.files[1].shift_us == 0);
  }
}

TEST_CASE("segmenter: a wrong clock of more than a day does not rule what follows") {
  unit_source source{*from_rfc3339("2036-01-01T00:00:00Z")};
  harness made;
  made.feed(source, 24);
  const auto right = *from_rfc3339("2026-11-21T12:00:00Z");
  source.step_wall_clock(std::chrono::microseconds{right - source.utc()});
  source.new_session();
  made.feed(source, 24);
  made.end();
  REQUIRE(made.files.size() == 2);
  CHECK(made.files[1].start == right);
}

TEST_CASE("segmenter: a camera's fast crystal does not push its files into the future") {
  // 300 ppm fast: media time gains 18 ms a minute on the wall clock.
  unit_source source{1'795'291'200'000'000, 83'333};
  harness made;
  for (int picture = 0; picture < 24 * 30 * 60; ++picture) {
    made.feed(source.next());
    source.step_wall_clock(-25us);
  }
  made.end();
  CHECK(made.files_do_not_overlap());
  CHECK(made.files.back().shift_us == 0);
  for (std::size_t i = 0; i + 1 < made.files.size(); ++i)
    CHECK(made.files[i].end == made.files[i + 1].start);
}

TEST_CASE("segmenter: the first file after a restart does not reach into what is recorded") {
  unit_source source;
  harness made{{}, source.utc() + 1'500'000};
  made.feed(source, 24);
  made.end();
  CHECK(made.files[0].start == source.utc() - 24 * 83'333 + 1'500'000);
  CHECK(made.files[0].shift_us == 1'500'000);
}

TEST_CASE("segmenter: abandoning forgets the GOP and goes on at the next key frame") {
  unit_source source;
  harness made;
  made.feed(source, 24 + 10);
  CHECK(made.cutter.abandon());
  made.files.back().is_closed = true;
  made.files.back().end = made.files.back().start + made.files.back().last_end_offset_us;
  made.feed(source, 14 + 24);
  made.end();
  CHECK(made.files[0].pictures() == range(1, 24));
  CHECK(made.files[1].pictures() == range(49, 72));
  CHECK(made.files_do_not_overlap());
  CHECK_FALSE(made.cutter.abandon());
}

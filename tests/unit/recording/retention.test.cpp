// SPDX-License-Identifier: Apache-2.0
#include "recording/retention.hpp"

#include <doctest/doctest.h>

#include <map>

#include "base/time_text.hpp"
#include "recording/recovery.hpp"
#include "recording_lab.hpp"

using namespace vigie;
using namespace vigie::recording;
using vigie::test::recording_lab;

namespace {

constexpr utc_us us_per_hour = 3'600'000'000;
constexpr utc_us us_per_day = 24 * us_per_hour;

/// Three days of two cameras, one file of an hour each hour; cam-a keeps 1 day, cam-b 2 days.
struct shelf {
  recording_lab lab;
  std::vector<erasure> told;
  bool journal_fails = false;
  const utc_us first = *from_rfc3339("2026-11-20T00:00:00Z");

  shelf() {
    std::vector<segment_row> rows;
    for (utc_us hour = 0; hour < 72; ++hour)
      for (const auto* camera : {"cam-a", "cam-b"}) {
        segment_row row;
        row.key = {camera_id{camera}, first + hour * us_per_hour};
        row.end_utc_us = row.key.start_utc_us + us_per_hour;
        row.bytes = 1000;
        row.frames = 10;
        row.state = segment_state::closed;
        const std::vector<std::uint8_t> bytes(1000, 7);
        const std::vector<byte_view> parts{bytes};
        REQUIRE(lab.files.append(lab.folder.path() / segment_path(row.key), parts));
        rows.push_back(row);
      }
    REQUIRE(lab.indexes.put(rows));
  }

  retention_rules rules() {
    retention_rules r;
    r.expired = [](const camera_id& camera, utc_us end, utc_us now) {
      return now >= end + (camera.str() == "cam-a" ? 1 : 2) * us_per_day;
    };
    r.erased = [this](const erasure& e) -> result<void> {
      if (journal_fails) return fail(errc::db_failed, "journal");
      told.push_back(e);
      return {};
    };
    return r;
  }

  /// Nothing past its time is left, nothing else is gone, files and rows agree.
  void check_exact(utc_us now) {
    const auto expired = rules().expired;
    std::size_t expected = 0;
    for (utc_us hour = 0; hour < 72; ++hour)
      for (const auto* camera : {"cam-a", "cam-b"}) {
        const segment_key key{camera_id{camera}, first + hour * us_per_hour};
        const bool is_gone = expired(key.camera, key.start_utc_us + us_per_hour, now);
        CHECK(lab.files.size(lab.folder.path() / segment_path(key)).has_value() != is_gone);
        CHECK(lab.indexes.find(key)->has_value() != is_gone);
        expected += is_gone ? 0 : 1;
      }
    CHECK(lab.files.files().size() == expected);
  }
};

}  // namespace

TEST_CASE("retention: what is expired goes, hour by hour, and nothing else") {
  shelf s;
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  for (utc_us hour = 20; hour <= 24 * 6; hour += 7) {
    const auto now = s.first + hour * us_per_hour;
    const auto outcome = janitor.sweep(now);
    CHECK(outcome.failures == 0);
    s.check_exact(now);
  }
  CHECK(s.lab.indexes.days().empty());
  CHECK(s.lab.files.files().empty());
}

TEST_CASE("retention: the journal hears of every erased segment, as intervals of a camera") {
  shelf s;
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  const auto outcome = janitor.sweep(s.first + 30 * us_per_hour);
  CHECK(outcome.segments == 6);
  CHECK(outcome.bytes == 6000);
  REQUIRE(s.told.size() == 1);
  CHECK(s.told[0].camera.str() == "cam-a");
  CHECK(s.told[0].from_utc_us == s.first);
  CHECK(s.told[0].to_utc_us == s.first + 6 * us_per_hour);
  CHECK(s.told[0].segments == 6);
  CHECK(s.told[0].cause == erasure_cause::expired);
}

TEST_CASE("retention: a file pushed by a clock that stepped back does not live longer for it") {
  shelf s;
  auto row = s.lab.indexes.find({camera_id{"cam-a"}, s.first + 5 * us_per_hour}).value().value();
  row.shift_us = 3 * us_per_hour;  // captured at 2, filed at 5
  const std::vector rows{row};
  REQUIRE(s.lab.indexes.put(rows));
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  janitor.sweep(s.first + 27 * us_per_hour - 1);  // what was captured before 3 is not due yet
  CHECK(s.lab.indexes.find(row.key)->has_value());
  janitor.sweep(s.first + 27 * us_per_hour);
  CHECK_FALSE(s.lab.indexes.find(row.key)->has_value());
  CHECK(s.lab.indexes.find({camera_id{"cam-a"}, s.first + 3 * us_per_hour})->has_value());
}

TEST_CASE("retention: a journal that fails keeps the rows until it has been told") {
  shelf s;
  s.journal_fails = true;
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  const auto now = s.first + 30 * us_per_hour;
  CHECK(janitor.sweep(now).failures > 0);
  CHECK(s.lab.indexes.in_state(day_of(s.first), segment_state::erasing)->size() == 6);
  // Nobody can look at them any more, though.
  CHECK(s.lab.indexes.find(camera_id{"cam-a"}, s.first, s.first + 6 * us_per_hour)->empty());
  s.journal_fails = false;
  CHECK(janitor.sweep(now).failures == 0);
  std::uint64_t segments = 0;
  for (const auto& e : s.told) segments += e.segments;
  CHECK(segments == 6);
  s.check_exact(now);
}

TEST_CASE("retention: killed at any removal, and recovered, the next sweep finishes the work") {
  for (std::uint64_t at = 1; at <= 32; ++at) {
    CAPTURE(at);
    shelf s;
    const auto now = s.first + 51 * us_per_hour;  // 27 of cam-a, 3 of cam-b
    {
      retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
      s.lab.files.die_at_write(at);
      janitor.sweep(now);
    }
    s.lab.files.revive();
    retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
    CHECK(janitor.sweep(now).failures == 0);
    s.check_exact(now);
    std::map<std::string, std::uint64_t> told;
    for (const auto& e : s.told) told[e.camera.str()] += e.segments;
    CHECK(told["cam-a"] >= 27);
    CHECK(told["cam-b"] >= 3);
  }
}

TEST_CASE("retention: a full disk erases nothing early unless the rules allow it") {
  shelf s;
  s.lab.files.set_capacity(72 * 2 * 1000 + 500);
  const auto now = s.first + 25 * us_per_hour;  // one hour of cam-a is over
  SUBCASE("never") {
    retention janitor{s.lab.files, s.lab.indexes, s.rules(), 10'000};
    const auto outcome = janitor.sweep(now);
    CHECK(outcome.is_short_of_space);
    CHECK(outcome.segments == 1);
    s.check_exact(now);
  }
  SUBCASE("oldest first, only as much as needed, only past the minimum") {
    auto rules = s.rules();
    rules.may_go_early = [](const camera_id& camera, utc_us end, utc_us at) {
      return camera.str() == "cam-b" && at >= end + 10 * us_per_hour;
    };
    retention janitor{s.lab.files, s.lab.indexes, rules, 10'000};
    const auto outcome = janitor.sweep(now);
    CHECK_FALSE(outcome.is_short_of_space);
    CHECK(outcome.segments == 16);  // one expired, fifteen hours of cam-b
    REQUIRE(s.told.size() == 2);
    CHECK(s.told[1].cause == erasure_cause::space);
    CHECK(s.told[1].from_utc_us == s.first);
    CHECK(s.told[1].to_utc_us == s.first + 15 * us_per_hour);
  }
  SUBCASE("the minimum holds even when the disk stays short") {
    auto rules = s.rules();
    rules.may_go_early = [](const camera_id& camera, utc_us end, utc_us at) {
      return camera.str() == "cam-b" && at >= end + 23 * us_per_hour;
    };
    retention janitor{s.lab.files, s.lab.indexes, rules, 10'000};
    const auto outcome = janitor.sweep(now);
    CHECK(outcome.is_short_of_space);
    CHECK(outcome.segments == 3);
  }
}

TEST_CASE("retention: a day is dropped when its last file is gone, and foreign files keep it") {
  shelf s;
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  const std::vector<std::uint8_t> bytes(10, 7);
  const std::vector<byte_view> parts{bytes};
  REQUIRE(s.lab.files.append(s.lab.folder.path() / "2026-11-20/cam-a/notes.txt", parts));
  const auto outcome = janitor.sweep(s.first + 4 * us_per_day);
  CHECK(outcome.days_dropped == 1);  // the 21st
  CHECK(outcome.failures == 1);      // the 20th, with the notes
  CHECK(s.lab.indexes.days().size() == 2);
}

TEST_CASE("retention: a day that is over is sealed, so that recovery need not read it") {
  shelf s;
  retention janitor{s.lab.files, s.lab.indexes, s.rules(), 0};
  janitor.sweep(s.first + 30 * us_per_hour);
  CHECK(*s.lab.indexes.is_sealed(day_of(s.first)));
  CHECK_FALSE(*s.lab.indexes.is_sealed(day_of(s.first + us_per_day)));
}

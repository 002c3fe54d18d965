// SPDX-License-Identifier: Apache-2.0
#include "control/evidence_desk.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace vigie;
using namespace vigie::control;
using domain::feed_evidence;
using domain::feed_phase;

namespace {

feed_evidence feed(feed_phase phase, std::uint64_t units = 0) {
  feed_evidence e;
  e.camera = camera_id{"cam"};
  e.phase = phase;
  e.access_units = units;
  return e;
}

}  // namespace

TEST_SUITE("control/evidence_desk") {
  TEST_CASE("a change wakes the reader once, the rest waits") {
    evidence_slot slot;
    int woken = 0;
    const auto me = slot.attach([&] { ++woken; });
    CHECK(slot.put(feed(feed_phase::advancing, 1)) == 0);
    CHECK(woken == 1);
    CHECK(slot.put(feed(feed_phase::advancing, 2)) == 1);  // supersedes: same phase
    slot.put(feed(feed_phase::stalled, 2));                // a look is under way already
    CHECK(woken == 1);
    const auto batch = slot.take(me);
    REQUIRE(batch.feeds.size() == 2);
    CHECK(batch.feeds[0].access_units == 2);
    CHECK(batch.feeds[1].phase == feed_phase::stalled);
    slot.put(feed(feed_phase::stalled, 3));
    CHECK(woken == 1);
    slot.put(feed(feed_phase::idle, 3));
    CHECK(woken == 2);
    CHECK(slot.take(me).feeds.size() == 2);
    CHECK(slot.take(me).feeds.empty());
  }

  TEST_CASE("pictures in a hurry and recorder failures wake, ordinary ones do not") {
    evidence_slot slot;
    int woken = 0;
    const auto me = slot.attach([&] { ++woken; });
    const camera_id cam{"cam"};
    slot.put(domain::picture_evidence{cam, 1, true, 0, 0, 4, 4});
    slot.put(domain::recording_evidence{cam, 1, 1, {}});
    CHECK(woken == 0);
    slot.put(domain::picture_evidence{cam, 2, true, 1, 1, 40, 40});
    CHECK(woken == 1);
    CHECK(slot.take(me).pictures.size() == 2);
    slot.put(domain::picture_evidence{cam, 3, true, 0, 0, 40, 40});  // the one that clears it
    CHECK(woken == 2);
    slot.take(me);
    slot.put(domain::recording_evidence{cam, 1, 1, error{errc::disk_full, ""}});
    CHECK(woken == 3);
    slot.take(me);
    slot.put(domain::recording_evidence{cam, 2, 2, {}});
    CHECK(woken == 4);
    CHECK(slot.take(me).recording->written_frames == 2);
  }

  TEST_CASE("what waits is bounded, and the newest is kept") {
    evidence_slot slot;
    std::size_t superseded = 0;
    for (std::uint64_t i = 1; i <= 100; ++i) {
      superseded += slot.put(feed(i % 2 == 0 ? feed_phase::stalled : feed_phase::advancing, i));
      superseded += slot.put(
          domain::picture_evidence{camera_id{"cam"}, static_cast<mono_ns>(i), true, 0, 0, 4, 4});
    }
    CHECK(superseded == 2 * (100 - evidence_slot::capacity));
    const auto me = slot.attach([] {});
    const auto batch = slot.take(me);
    CHECK(batch.feeds.size() == evidence_slot::capacity);
    CHECK(batch.feeds.back().access_units == 100);
    CHECK(batch.pictures.back().arrival_mono_ns == 100);
  }

  TEST_CASE("a new reader is woken for what its predecessor left, who takes nothing any more") {
    evidence_slot slot;
    int first = 0;
    int second = 0;
    const auto before = slot.attach([&] { ++first; });
    slot.put(feed(feed_phase::idle));
    const auto after = slot.attach([&] { ++second; });
    CHECK(first == 1);
    CHECK(second == 1);
    CHECK(slot.take(before).feeds.empty());
    slot.detach(before);  // must not disturb the successor
    CHECK(slot.take(after).feeds.size() == 1);
    slot.put(feed(feed_phase::dialing));
    CHECK(second == 2);
    slot.detach(after);
    slot.take(after);
    slot.put(feed(feed_phase::idle));
    CHECK(second == 2);
  }

  TEST_CASE("desk: finds by camera, counts strangers, survives posters and openers at once") {
    evidence_desk desk;
    desk.post(feed(feed_phase::idle));
    CHECK(desk.unknown() == 1);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 2000; ++i) {
          if (i % 10 == 0) desk.open(camera_id{"cam"});
          desk.post(feed(feed_phase::advancing, static_cast<std::uint64_t>(i)));
          if (i % 15 == 0) desk.close(camera_id{"cam"});
        }
      });
    for (auto& t : threads) t.join();
    desk.open(camera_id{"cam"});
    desk.post(feed(feed_phase::advancing, 7));
    const auto slot = desk.find(camera_id{"cam"});
    REQUIRE(slot);
    CHECK(slot->take(slot->attach([] {})).feeds.size() == 1);
  }

  TEST_CASE("the age of a health is that of its judgement, and of the evidence while live") {
    constexpr mono_ns second = 1'000'000'000;
    evidence_desk desk;
    for (const auto* id : {"live", "down", "fresh"}) desk.open(camera_id{id});
    auto live = feed(feed_phase::advancing, 1);
    live.camera = camera_id{"live"};
    live.at_mono_ns = 10 * second;
    auto down = feed(feed_phase::idle);
    down.camera = camera_id{"down"};
    down.at_mono_ns = 1 * second;  // silent in its back-off: that is not what makes it stale
    desk.post(live);
    desk.post(down);
    desk.find(live.camera)->judged(11 * second);
    desk.find(down.camera)->judged(10 * second);

    auto ages = desk.ages(12 * second);
    CHECK(ages.oldest_judgement == std::chrono::seconds{2});
    CHECK(ages.oldest_evidence == std::chrono::seconds{2});
    CHECK(ages.stale == 0);
    ages = desk.ages(12 * second + 1);
    CHECK(ages.stale == 2);
    desk.find(down.camera)->judged(12 * second);
    CHECK(desk.ages(12 * second + 1).stale == 1);
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "domain/site_correlation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

namespace {

struct site_bench {
  manual_clock time;
  site_health site;
  std::vector<site_fact> facts;

  explicit site_bench(int cameras, health_state first = health_state::live) {
    std::vector<camera_id> ids;
    for (int c = 0; c < cameras; ++c) ids.push_back(id(c));
    take(set_cameras({}, ids, now()));
    if (first == health_state::live)
      for (int c = 0; c < cameras; ++c) live(c);
  }

  static camera_id id(int c) { return camera_id{"c" + std::to_string(c)}; }
  instant now() const { return {time.mono(), time.utc()}; }
  void take(site_step stepped) {
    site = std::move(stepped.next);
    for (auto& f : stepped.facts) facts.push_back(std::move(f));
  }
  void say(int c, health_state state, health_cause cause) {
    camera_status status;
    status.state = state;
    status.cause = cause;
    status.since_utc_us = time.utc();
    take(step(std::move(site), id(c), status, now()));
  }
  void live(int c) { say(c, health_state::live, health_cause::none); }
  void lose(int c, health_cause cause = health_cause::reset) { say(c, health_state::down, cause); }
  /// Time passes as the actor lives it: woken at each deadline.
  void wait(std::chrono::milliseconds d) {
    const auto until = time.mono() + to_ns(d);
    while (const auto due = next_deadline(site)) {
      if (*due > until) break;
      time.advance(std::chrono::nanoseconds{std::max<mono_ns>(*due - time.mono(), 0)});
      take(step(std::move(site), now()));
    }
    time.advance(std::chrono::nanoseconds{until - time.mono()});
    take(step(std::move(site), now()));
  }
  std::size_t count(site_event_type type) const {
    return static_cast<std::size_t>(std::count_if(
        facts.begin(), facts.end(), [&](const site_fact& f) { return f.type == type; }));
  }
};

/// A site back from an outage of all, but for its last camera; nothing told since.
site_bench restored_but_for_the_last(int cameras) {
  site_bench b{cameras};
  for (int c = 0; c < cameras; ++c) b.lose(c);
  for (int c = 0; c + 1 < cameras; ++c) b.live(c);
  b.wait(restore_hold);
  REQUIRE(b.count(site_event_type::site_restored) == 1);
  b.facts.clear();
  return b;
}

}  // namespace

TEST_SUITE("domain/site_correlation") {
  TEST_CASE("one camera: down when the window closes, restored when it is back") {
    site_bench b{10};
    b.lose(3);
    b.wait(499ms);
    CHECK(b.facts.empty());
    b.wait(1ms);
    REQUIRE(b.facts.size() == 1);
    CHECK(b.facts[0].type == site_event_type::camera_down);
    CHECK(b.facts[0].camera == site_bench::id(3));
    CHECK(b.facts[0].cause == health_cause::reset);
    b.live(3);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[1].type == site_event_type::camera_restored);
    CHECK_FALSE(next_deadline(b.site));
  }

  TEST_CASE("ten at once: one outage, at the sixth, and nothing else; one restoration") {
    site_bench b{10};
    const auto began = b.time.utc();
    for (int c = 0; c < 10; ++c) {
      CHECK(b.facts.size() == (c < 6 ? 0 : 1));
      b.lose(c);
    }
    b.wait(10s);
    REQUIRE(b.facts.size() == 1);
    CHECK(b.facts[0].type == site_event_type::site_outage);
    CHECK(b.facts[0].cause == health_cause::reset);
    CHECK(b.facts[0].since_utc_us == began);
    for (int c = 0; c < 10; ++c) {
      b.live(c);
      b.wait(100ms);
    }
    b.wait(2s);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[1].type == site_event_type::site_restored);
    CHECK(b.facts[1].cameras.size() == 10);
    CHECK_FALSE(b.site.outage);
  }

  TEST_CASE("silence spread over 300 ms, and two late joiners: one outage") {
    site_bench b{10};
    for (int c = 0; c < 8; ++c) {
      b.lose(c, health_cause::silence);
      b.wait(40ms);
    }
    b.wait(5s);
    b.lose(8, health_cause::silence);
    b.lose(9, health_cause::unreachable);
    b.wait(5s);
    CHECK(b.facts.size() == 1);
    CHECK(b.count(site_event_type::site_outage) == 1);
  }

  TEST_CASE("the cause of an outage is the most frequent one") {
    site_bench b{5};
    b.lose(0, health_cause::closed);
    b.lose(1, health_cause::silence);
    b.lose(2, health_cause::silence);
    REQUIRE(b.facts.size() == 1);
    CHECK(b.facts[0].cause == health_cause::silence);
  }

  TEST_CASE("thresholds: three cameras and 60 % of those that were not down") {
    SUBCASE("both cameras of a site of two are two alarms") {
      site_bench b{2};
      b.lose(0);
      b.lose(1);
      b.wait(1s);
      CHECK(b.count(site_event_type::camera_down) == 2);
    }
    SUBCASE("three of three") {
      site_bench b{3};
      for (int c = 0; c < 3; ++c) b.lose(c);
      CHECK(b.count(site_event_type::site_outage) == 1);
    }
    SUBCASE("five of ten are five alarms") {
      site_bench b{10};
      for (int c = 0; c < 5; ++c) b.lose(c);
      b.wait(1s);
      CHECK(b.count(site_event_type::camera_down) == 5);
      CHECK(b.facts.size() == 5);
    }
    SUBCASE("three of six are three alarms, four are an outage") {
      site_bench b{6};
      for (int c = 0; c < 3; ++c) b.lose(c);
      CHECK(b.facts.empty());
      b.lose(3);
      CHECK(b.count(site_event_type::site_outage) == 1);
    }
    SUBCASE("cameras long down do not count") {
      site_bench b{10};
      for (int c = 0; c < 5; ++c) {
        b.lose(c);
        b.wait(1s);
      }
      for (int c = 5; c < 8; ++c) b.lose(c);
      b.wait(1s);
      CHECK(b.count(site_event_type::camera_down) == 5);
      CHECK(b.count(site_event_type::site_outage) == 1);
    }
    SUBCASE("cameras that never started count: a site dead from the start is one outage") {
      site_bench b{6, health_state::starting};
      for (int c = 0; c < 6; ++c) b.lose(c, health_cause::unreachable);
      b.wait(1s);
      CHECK(b.facts.size() == 1);
      CHECK(b.count(site_event_type::site_outage) == 1);
    }
  }

  TEST_CASE("causes of the camera itself never make an outage") {
    site_bench b{6};
    for (int c = 0; c < 6; ++c) b.lose(c, health_cause::wrong_password);
    CHECK(b.count(site_event_type::camera_down) == 6);
    site_bench d{6};
    for (int c = 0; c < 6; ++c) d.say(c, health_state::degraded, health_cause::black_picture);
    d.wait(1s);
    CHECK(d.count(site_event_type::camera_degraded) == 6);
    CHECK(d.facts.size() == 6);
    for (int c = 0; c < 6; ++c) d.live(c);
    CHECK(d.count(site_event_type::camera_restored) == 6);
  }

  TEST_CASE("back before the window closes: told down, then restored") {
    site_bench b{4};
    b.lose(1);
    b.wait(200ms);
    b.live(1);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[0].type == site_event_type::camera_down);
    CHECK(b.facts[0].cause == health_cause::reset);
    CHECK(b.facts[1].type == site_event_type::camera_restored);
    b.wait(2s);
    CHECK(b.facts.size() == 2);
  }

  TEST_CASE("restoration: waits 2 s of 60 % back, and names who stays down a minute later") {
    site_bench b{10};
    for (int c = 0; c < 10; ++c) b.lose(c);
    b.wait(5s);
    for (int c = 0; c < 6; ++c) b.live(c);
    b.wait(1900ms);
    b.lose(0);  // 50 %: the link comes and goes
    b.wait(5s);
    CHECK(b.facts.size() == 1);
    b.live(0);
    b.wait(1999ms);
    CHECK(b.facts.size() == 1);
    b.wait(1ms);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[1].type == site_event_type::site_restored);
    CHECK(b.facts[1].cameras.size() == 6);
    CHECK(b.facts[1].detail == "6 of 10 cameras are back");
    b.wait(straggler_grace - 1ms);
    CHECK(b.facts.size() == 2);
    b.wait(1ms);
    CHECK(b.count(site_event_type::camera_down) == 4);
    CHECK_FALSE(next_deadline(b.site));
    b.live(9);
    CHECK(b.count(site_event_type::camera_restored) == 1);
  }

  TEST_CASE("a straggler that returns within its grace is told nowhere") {
    auto b = restored_but_for_the_last(10);
    b.wait(59s);
    b.live(9);
    CHECK_FALSE(next_deadline(b.site));
    b.wait(5min);
    CHECK(b.facts.empty());
    b.lose(9);  // from here on a camera like any other
    b.wait(1s);
    CHECK(b.count(site_event_type::camera_down) == 1);
  }

  TEST_CASE("a straggler that returns with a defect is told degraded, and restored once") {
    auto b = restored_but_for_the_last(10);
    b.say(9, health_state::degraded, health_cause::black_picture);
    b.live(9);
    b.wait(5min);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[0].type == site_event_type::camera_degraded);
    CHECK(b.facts[1].type == site_event_type::camera_restored);
  }

  TEST_CASE("a straggler whose trouble turns out to be its own is told at once") {
    auto b = restored_but_for_the_last(10);
    b.wait(10s);
    b.lose(9, health_cause::unreachable);
    CHECK(b.facts.empty());
    b.lose(9, health_cause::wrong_password);
    REQUIRE(b.facts.size() == 1);
    CHECK(b.facts[0].type == site_event_type::camera_down);
    CHECK(b.facts[0].cause == health_cause::wrong_password);
    b.wait(5min);
    CHECK(b.facts.size() == 1);
  }

  TEST_CASE("a member with a trouble of its own is told down together with the restoration") {
    site_bench b{10};
    for (int c = 0; c < 10; ++c) b.lose(c);
    b.lose(9, health_cause::wrong_password);
    for (int c = 0; c < 8; ++c) b.live(c);
    b.facts.clear();
    b.wait(2s);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[0].type == site_event_type::site_restored);
    CHECK(b.facts[0].detail == "8 of 10 cameras are back");
    CHECK(b.facts[1].type == site_event_type::camera_down);
    CHECK(b.facts[1].camera == site_bench::id(9));
  }

  TEST_CASE("the next outage takes a straggler in: its link comes and goes, one cause") {
    auto b = restored_but_for_the_last(10);
    b.wait(30s);
    for (int c = 0; c < 9; ++c) b.lose(c);
    b.wait(5min);
    REQUIRE(b.facts.size() == 1);
    CHECK(b.facts[0].type == site_event_type::site_outage);
    for (int c = 0; c < 10; ++c) b.live(c);
    b.wait(5min);
    REQUIRE(b.facts.size() == 2);
    CHECK(b.facts[1].cameras.size() == 10);
  }

  TEST_CASE("a straggler that leaves the configuration is waited for no longer") {
    auto b = restored_but_for_the_last(4);
    b.take(set_cameras(std::move(b.site), {site_bench::id(0)}, b.now()));
    CHECK_FALSE(next_deadline(b.site));
    b.wait(5min);
    CHECK(b.facts.empty());
  }

  TEST_CASE("degraded after down, and a second defect, are told; a new cause while down is not") {
    site_bench b{4};
    b.lose(0);
    b.wait(1s);
    b.lose(0, health_cause::refused);
    CHECK(b.facts.size() == 1);
    b.say(0, health_state::degraded, health_cause::not_recorded);
    b.say(0, health_state::degraded, health_cause::not_recorded);
    b.say(0, health_state::degraded, health_cause::black_picture);
    CHECK(b.count(site_event_type::camera_degraded) == 2);
    b.live(0);
    CHECK(b.count(site_event_type::camera_restored) == 1);
  }

  TEST_CASE("configuration: kept cameras keep their alarms, an outage without members ends") {
    site_bench b{4};
    for (int c = 0; c < 4; ++c) b.lose(c);
    CHECK(b.site.outage);
    b.take(set_cameras(std::move(b.site), {site_bench::id(3), camera_id{"new"}}, b.now()));
    CHECK(b.site.outage);
    CHECK(b.site.cameras.size() == 2);
    b.take(set_cameras(std::move(b.site), {camera_id{"new"}}, b.now()));
    CHECK_FALSE(b.site.outage);
    CHECK(b.count(site_event_type::site_restored) == 1);
    b.lose(3);
    b.wait(1s);
    CHECK(b.count(site_event_type::camera_down) == 0);
  }

  TEST_CASE("an actor that starts anew does not overwrite what is known") {
    site_bench b{4};
    b.lose(0);
    b.wait(1s);
    b.say(0, health_state::starting, health_cause::none);
    b.lose(0);
    b.wait(1s);
    CHECK(b.facts.size() == 1);
  }

  TEST_CASE("walk: every alarm is raised once and cleared once, and the end state agrees") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      CAPTURE(seed);
      seeded_random random{seed};
      const int cameras = 1 + static_cast<int>(random.next() % 12);
      site_bench b{cameras};
      std::vector<health_state> truth(static_cast<std::size_t>(cameras), health_state::live);
      for (int s = 0; s < 300; ++s) {
        const bool lull = random.next() % 30 == 0;  // long enough for a grace to run out
        b.wait(std::chrono::milliseconds{random.next() % (lull ? 90'000 : 400)});
        const bool together = random.next() % 20 == 0;
        const auto state = static_cast<health_state>(2 + random.next() % 3);
        const auto cause = state == health_state::live       ? health_cause::none
                           : state == health_state::degraded ? health_cause::frozen_picture
                                                             : health_cause::silence;
        const int chosen = static_cast<int>(random.next() % static_cast<std::uint64_t>(cameras));
        for (int c = 0; c < cameras; ++c) {
          if (!together && c != chosen) continue;
          b.say(c, state, cause);
          truth[static_cast<std::size_t>(c)] = state;
        }
      }
      b.wait(restore_hold + straggler_grace);

      bool outage = false;
      std::map<camera_id, health_state> told;
      std::set<camera_id> in_outage;
      for (const auto& f : b.facts) {
        switch (f.type) {
          case site_event_type::site_outage:
            CHECK_FALSE(outage);
            outage = true;
            CHECK(f.cameras.size() >= outage_min_cameras);
            break;
          case site_event_type::site_restored:
            CHECK(outage);
            outage = false;
            break;
          case site_event_type::camera_down:
            CHECK(told[*f.camera] != health_state::down);
            told[*f.camera] = health_state::down;
            break;
          case site_event_type::camera_degraded:
            told[*f.camera] = health_state::degraded;
            break;
          case site_event_type::camera_restored:
            CHECK((told[*f.camera] == health_state::down ||
                   told[*f.camera] == health_state::degraded));
            told[*f.camera] = health_state::live;
            break;
        }
      }
      CHECK(outage == b.site.outage.has_value());
      for (const auto& c : b.site.cameras) {
        const auto index = static_cast<std::size_t>(std::stoi(c.camera.str().substr(1)));
        CHECK(c.state == truth[index]);
        CHECK_FALSE(c.is_pending);
        if (c.is_member) continue;
        const auto last = told.find(c.camera);
        if (last == told.end())
          CHECK(truth[index] == health_state::live);
        else
          CHECK(last->second == truth[index]);
      }
    }
  }
}

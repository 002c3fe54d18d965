// SPDX-License-Identifier: Apache-2.0
#include "domain/camera_health_machine.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "base/random.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

namespace {

/// One camera, its machine, and the evidence a feed would give of it.
struct bench {
  manual_clock time;
  camera_health health = starting_camera({time.mono(), time.utc()});
  feed_evidence feed;
  health_rules rules;
  int changes = 0;

  instant now() const { return {time.mono(), time.utc()}; }
  void give(const health_input& input) {
    auto stepped = step(std::move(health), input, now(), rules);
    health = std::move(stepped.next);
    if (stepped.effects.changed) ++changes;
  }
  void tick() { give(health_tick{}); }
  void phase(feed_phase p, std::optional<errc> trouble = {}) {
    if (p == feed_phase::playing && feed.phase != p) ++feed.sessions;
    feed.phase = p;
    feed.trouble = trouble ? std::optional{error{*trouble, "scripted"}} : std::nullopt;
    give(feed);
  }
  void frames(std::uint64_t n) {
    feed.phase = feed_phase::advancing;
    feed.trouble.reset();
    feed.access_units += n;
    feed.last_frame_mono_ns = time.mono();
    feed.last_frame_utc_us = time.utc();
    give(feed);
  }
  void durable() { give(recording_evidence{{}, time.mono(), 1, {}}); }
  void play_for(std::chrono::seconds d) {
    for (; d.count() > 0; d -= 1s) {
      time.advance(1s);
      frames(12);
      durable();
      tick();
    }
  }
  void picture(double dark, double change) {
    give(picture_evidence{{}, time.mono(), true, dark, dark, change, change});
  }
  const camera_status& status() const { return health.status; }
};

bench live_bench() {
  bench b;
  b.phase(feed_phase::playing);
  b.play_for(3s);
  return b;
}

}  // namespace

TEST_SUITE("domain/camera_health_machine") {
  TEST_CASE("names: every state, rung and cause has its own") {
    CHECK(name_of(health_state::degraded) == "degraded");
    CHECK(name_of(health_rung::picture_usable) == "picture_usable");
    std::vector<std::string> names;
    for (int c = 1; c <= static_cast<int>(health_cause::unsupervised); ++c)
      names.emplace_back(name_of(static_cast<health_cause>(c)));
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }

  TEST_CASE("start: nothing known is starting, also while it dials") {
    bench b;
    for (const auto p :
         {feed_phase::idle, feed_phase::dialing, feed_phase::negotiating, feed_phase::playing}) {
      b.phase(p);
      b.time.advance(30s);
      b.tick();
      CHECK(b.status().state == health_state::starting);
    }
    CHECK(b.changes == 0);
  }

  TEST_CASE("live: two frames of one session, not one") {
    bench b;
    b.phase(feed_phase::playing);
    b.frames(1);
    CHECK(b.status().state == health_state::starting);
    b.frames(1);
    CHECK(b.status().state == health_state::live);
    CHECK(b.status().cause == health_cause::none);
    CHECK(b.status().since_utc_us == b.time.utc());
  }

  TEST_CASE("live: the rung climbs as each is proven") {
    bench b;
    b.phase(feed_phase::playing);
    b.frames(12);
    CHECK(b.status().rung == health_rung::advancing);
    b.picture(0, 12);
    CHECK(b.status().rung == health_rung::picture_usable);
    b.durable();
    CHECK(b.status().rung == health_rung::recorded);
    b.feed.clock_offset_us = 40'000;
    b.frames(12);
    CHECK(b.status().rung == health_rung::clock_right);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("down: every concluded failure has its cause and rung") {
    struct row {
      errc trouble;
      health_cause cause;
      health_rung rung;
    };
    const std::array rows{
        row{errc::io_refused, health_cause::refused, health_rung::none},
        row{errc::io_timeout, health_cause::unreachable, health_rung::none},
        row{errc::io_unreachable, health_cause::unreachable, health_rung::none},
        row{errc::io_reset, health_cause::reset, health_rung::reachable},
        row{errc::io_closed, health_cause::closed, health_rung::reachable},
        row{errc::auth_rejected, health_cause::wrong_password, health_rung::reachable},
        row{errc::rtsp_status, health_cause::protocol, health_rung::reachable},
        row{errc::rtsp_timeout, health_cause::protocol, health_rung::reachable},
        row{errc::sdp_codec, health_cause::codec, health_rung::authenticated},
        row{errc::stall_silence, health_cause::silence, health_rung::streaming},
        row{errc::stall_rtcp_only, health_cause::rtcp_only, health_rung::streaming},
        row{errc::stall_drip, health_cause::drip, health_rung::streaming},
    };
    for (const auto& r : rows) {
      CAPTURE(name_of(r.trouble));
      auto b = live_bench();
      b.phase(feed_phase::idle, r.trouble);
      CHECK(b.status().state == health_state::down);
      CHECK(b.status().cause == r.cause);
      CHECK(b.status().rung == r.rung);
      CHECK(b.status().detail.find("scripted") != std::string::npos);
    }
  }

  TEST_CASE("down: since is the last frame's time, also when UTC was stepped after it") {
    auto b = live_bench();
    const auto last_frame = b.time.utc();
    b.time.advance(1500ms);
    b.time.step_utc(1h);
    b.phase(feed_phase::stalled, errc::stall_silence);
    CHECK(b.status().since_utc_us == last_frame + 3600 * 1'000'000LL);
  }

  TEST_CASE("down: re-dialling changes nothing, another concluded failure changes only the cause") {
    auto b = live_bench();
    b.phase(feed_phase::idle, errc::io_reset);
    const auto since = b.status().since_utc_us;
    const auto changes = b.changes;
    for (const auto p : {feed_phase::dialing, feed_phase::negotiating, feed_phase::playing}) {
      b.time.advance(2s);
      b.phase(p, errc::io_reset);
      b.phase(p);
      b.tick();
    }
    CHECK(b.changes == changes);
    b.phase(feed_phase::dialing, errc::io_refused);  // not concluded yet
    CHECK(b.status().cause == health_cause::reset);
    b.phase(feed_phase::idle, errc::io_refused);
    CHECK(b.status().cause == health_cause::refused);
    CHECK(b.status().since_utc_us == since);
    CHECK(b.changes == changes + 1);
  }

  TEST_CASE("down: one frame flushed after every PLAY never makes a silent camera live") {
    auto b = live_bench();
    b.phase(feed_phase::stalled, errc::stall_silence);
    const auto changes = b.changes;
    for (int dial = 0; dial < 20; ++dial) {
      b.phase(feed_phase::idle, errc::stall_silence);
      b.phase(feed_phase::playing);
      b.time.advance(100ms);
      b.frames(1);
      b.time.advance(1300ms);
      b.phase(feed_phase::stalled, errc::stall_silence);
    }
    CHECK(b.changes == changes);
    // The same with the reports of `playing` lost in between.
    for (int dial = 0; dial < 20; ++dial) {
      ++b.feed.sessions;
      b.frames(1);
    }
    CHECK(b.status().state == health_state::down);
    b.frames(2);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("down: a feed whose reports stop is silent after the patience, not before") {
    auto b = live_bench();
    b.rules.recording_expected = false;
    b.time.advance(10s);
    b.tick();
    CHECK(b.status().state == health_state::live);
    b.time.advance(1s);
    b.tick();
    CHECK(b.status().state == health_state::down);
    CHECK(b.status().cause == health_cause::silence);
  }

  TEST_CASE("down: a restarted feed counts its frames from nothing again") {
    auto b = live_bench();
    b.phase(feed_phase::idle, errc::io_reset);
    b.feed.access_units = 0;
    b.feed.sessions = 0;
    b.phase(feed_phase::playing);
    b.frames(2);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("recording: frames that do not reach the disk for 15 s are a defect, with its start") {
    auto b = live_bench();
    const auto last_durable = b.time.utc();
    for (int s = 0; s < 15; ++s) {
      b.time.advance(1s);
      b.frames(12);
      b.tick();
      CHECK(b.status().state == health_state::live);
    }
    b.time.advance(1s);
    b.frames(12);
    CHECK(b.status().state == health_state::degraded);
    CHECK(b.status().cause == health_cause::not_recorded);
    CHECK(b.status().rung == health_rung::picture_usable);
    CHECK(b.status().since_utc_us == last_durable);
    b.durable();
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("recording: a writer's failure counts at once, and a camera just back gets its 15 s") {
    auto b = live_bench();
    b.give(recording_evidence{{}, 0, 1, error{errc::disk_full, "volume"}});
    CHECK(b.status().cause == health_cause::not_recorded);
    b.durable();
    CHECK(b.status().state == health_state::live);
    b.phase(feed_phase::idle, errc::io_reset);
    b.time.advance(120s);
    b.phase(feed_phase::playing);
    b.frames(12);
    CHECK(b.status().state == health_state::live);
    b.time.advance(9s);
    b.frames(12);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("recording: is not missed where nothing records") {
    auto b = live_bench();
    b.rules.recording_expected = false;
    for (int s = 0; s < 60; ++s) {
      b.time.advance(1s);
      b.frames(12);
    }
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("clock: three reports beyond 2 s in either direction, three within to clear") {
    for (const std::int64_t offset : {2'000'001LL, -5'000'000LL}) {
      auto b = live_bench();
      b.feed.clock_offset_us = offset;
      b.play_for(2s);
      CHECK(b.status().state == health_state::live);
      b.feed.clock_offset_us = 0;
      b.play_for(1s);
      b.feed.clock_offset_us = offset;
      b.play_for(2s);
      CHECK(b.status().state == health_state::live);
      b.play_for(1s);
      CHECK(b.status().cause == health_cause::clock_wrong);
      CHECK(b.status().rung == health_rung::recorded);
      b.feed.clock_offset_us = 2'000'000;
      b.play_for(2s);
      CHECK(b.status().state == health_state::degraded);
      b.play_for(1s);
      CHECK(b.status().state == health_state::live);
    }
  }

  TEST_CASE("degraded: the lowest broken rung is the cause") {
    auto b = live_bench();
    b.feed.clock_offset_us = 9'000'000;
    b.play_for(3s);
    CHECK(b.status().cause == health_cause::clock_wrong);
    b.give(recording_evidence{{}, 0, 1, error{errc::disk_full, "volume"}});
    CHECK(b.status().cause == health_cause::not_recorded);
    b.picture(1, 3);
    b.picture(1, 3);
    CHECK(b.status().cause == health_cause::black_picture);
    b.picture(0, 30);
    CHECK(b.status().cause == health_cause::not_recorded);
    b.durable();
    CHECK(b.status().cause == health_cause::clock_wrong);
    b.phase(feed_phase::idle, errc::io_closed);
    CHECK(b.status().state == health_state::down);
  }

  TEST_CASE("down: a dialogue that fails after the password was accepted stands one rung higher") {
    auto b = live_bench();
    b.phase(feed_phase::idle, errc::rtsp_status);
    CHECK(b.status().rung == health_rung::reachable);
    b.feed.authenticated = true;
    b.phase(feed_phase::idle, errc::rtsp_status);
    CHECK(b.status().rung == health_rung::authenticated);
    b.phase(feed_phase::idle, errc::auth_rejected);
    CHECK(b.status().rung == health_rung::reachable);
  }

  TEST_CASE("picture: a loss of frames wipes the judgement, and measures that come late are void") {
    auto b = live_bench();
    b.picture(1, 60);
    b.picture(1, 0);
    CHECK(b.status().cause == health_cause::black_picture);
    b.phase(feed_phase::idle, errc::io_reset);
    b.picture(1, 0);
    b.picture(1, 0);
    b.phase(feed_phase::playing);
    b.frames(12);
    CHECK(b.status().state == health_state::live);
    b.picture(1, 0);
    CHECK(b.status().state == health_state::live);
    b.picture(1, 0);
    CHECK(b.status().cause == health_cause::black_picture);
  }

  TEST_CASE("findings: a picture fault stands until it is withdrawn, and the gravest is told") {
    auto b = live_bench();
    const auto finds = [&](health_cause cause, bool is_present) {
      b.give(finding_evidence{{}, cause, is_present, b.now().mono});
    };
    finds(health_cause::moved_camera, true);
    CHECK(b.status().state == health_state::degraded);
    CHECK(b.status().cause == health_cause::moved_camera);
    CHECK(b.status().rung == health_rung::advancing);
    const auto since = b.status().since_utc_us;
    b.frames(12);
    finds(health_cause::moved_camera, true);  // told twice: the same fault
    CHECK(b.status().since_utc_us == since);
    finds(health_cause::covered_picture, true);
    CHECK(b.status().cause == health_cause::covered_picture);
    finds(health_cause::covered_picture, false);
    CHECK(b.status().cause == health_cause::moved_camera);
    finds(health_cause::moved_camera, false);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("findings: a loss of frames forgets them, and none is believed while there are none") {
    auto b = live_bench();
    b.give(finding_evidence{{}, health_cause::blurred_picture, true, b.now().mono});
    CHECK(b.status().cause == health_cause::blurred_picture);
    b.phase(feed_phase::idle, errc::io_reset);
    CHECK(b.status().state == health_state::down);
    b.give(finding_evidence{{}, health_cause::blurred_picture, true, b.now().mono});
    b.phase(feed_phase::playing);
    b.frames(12);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("resume: a known defect or loss stands until evidence lifts it") {
    for (const auto cause : {health_cause::black_picture, health_cause::frozen_picture,
                             health_cause::not_recorded, health_cause::clock_wrong}) {
      CAPTURE(name_of(cause));
      bench b;
      camera_status known;
      known.state = health_state::degraded;
      known.cause = cause;
      known.since_utc_us = 77;
      b.time.advance(100s);
      b.health = resumed_camera(known, b.now());
      b.feed.sessions = 3;
      b.feed.access_units = 5000;
      b.frames(12);
      CHECK(b.status().cause == cause);
      CHECK(b.status().since_utc_us == 77);
      b.durable();
      b.picture(0, 30);
      b.feed.clock_offset_us = 0;
      for (int i = 0; i < 3; ++i) b.frames(12);
      CHECK(b.status().state == health_state::live);
    }
    bench b;
    camera_status known;
    known.state = health_state::down;
    known.cause = health_cause::reset;
    known.since_utc_us = 77;
    b.health = resumed_camera(known, b.now());
    b.phase(feed_phase::dialing, errc::io_reset);
    CHECK(b.changes == 0);
    b.feed.access_units = 100;
    b.frames(12);
    CHECK(b.status().state == health_state::live);
  }

  TEST_CASE("walk: whatever happens, no flap while silent, and live only with frames") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      CAPTURE(seed);
      seeded_random random{seed};
      auto b = live_bench();
      bool silent = false;
      bool concluded = false;
      std::uint64_t frames_of_session = 12;
      for (int s = 0; s < 400; ++s) {
        const auto before = b.status();
        b.time.advance(std::chrono::milliseconds{random.next() % 900});
        switch (random.next() % 8) {
          case 0:
            silent = !silent;
            break;
          case 1:
            b.phase(feed_phase::idle, errc::stall_silence);
            concluded = true;
            break;
          case 2:
            b.phase(feed_phase::dialing,
                    b.feed.trouble ? std::optional{b.feed.trouble->code} : std::nullopt);
            break;
          case 3:
            b.phase(feed_phase::playing,
                    b.feed.trouble ? std::optional{b.feed.trouble->code} : std::nullopt);
            frames_of_session = 0;
            break;
          case 4:
            b.phase(feed_phase::stalled, errc::stall_silence);
            concluded = true;
            frames_of_session = 0;
            break;
          case 5:
            b.durable();
            break;
          case 6:
            b.tick();
            break;
          default:
            if (silent) {
              b.tick();
            } else {
              const auto n = random.next() % 3;
              if (b.feed.phase != feed_phase::advancing) frames_of_session = 0;
              b.frames(n);
              frames_of_session += n;
            }
        }
        const auto& after = b.status();
        const bool became_live =
            before.state == health_state::down && after.state != health_state::down;
        if (became_live) {
          CHECK_FALSE(silent);
          CHECK(frames_of_session >= live_frames);
        }
        if (before.state == health_state::down && after.state == health_state::down)
          CHECK(after.since_utc_us == before.since_utc_us);
        if (after.state == health_state::down) CHECK(concluded == true);
        const bool failing = b.feed.trouble && b.feed.phase != feed_phase::advancing;
        if (failing && (b.feed.phase == feed_phase::idle || b.feed.phase == feed_phase::stalled))
          CHECK(after.state == health_state::down);
        if (b.time.mono() - b.health.last_advance > to_ns(feed_report_patience)) concluded = true;
        CHECK((after.cause == health_cause::none) ==
              (after.state == health_state::live || after.state == health_state::starting));
        CHECK(after.rung <= rung_below(after.cause));
      }
    }
  }
}

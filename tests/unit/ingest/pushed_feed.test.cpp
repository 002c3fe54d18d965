// SPDX-License-Identifier: Apache-2.0
#include "ingest/pushed_feed.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "support/h264_clip.hpp"

namespace {

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;

struct recorded_sink final : sink {
  void on_access_unit(const media::access_unit_ptr& unit) noexcept override {
    units.push_back(unit);
  }
  void on_end_of_session() noexcept override { ++ends; }
  std::vector<media::access_unit_ptr> units;
  int ends = 0;
};

struct bench final : pushed_feed_io {
  void open(const camera_id&) override { said += "open "; }
  void close(const camera_id&) override { said += "close "; }
  void report(const feed_vitals& vitals) override { last = vitals; }

  feed_now now() const { return {mono, 1'700'000'000'000'000 + mono / 1000}; }
  void pass(std::chrono::nanoseconds span) {
    const auto end = mono + to_ns(span);
    while (feed.wake_at() <= end) {
      mono = std::max(mono, feed.wake_at());
      feed.tick(now());
    }
    mono = end;
  }
  pushed_picture picture(bool is_key) {
    static const auto clip = test::make_clip(320, 240, 1, 1);
    pushed_picture p;
    p.media_pts_us = mono / 1000;
    const std::vector<std::uint8_t> start{0, 0, 0, 1};
    const auto add = [&](std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& nal) {
      to.insert(to.end(), start.begin(), start.end());
      to.insert(to.end(), nal.begin(), nal.end());
    };
    add(p.parameters, clip.sps);
    add(p.parameters, clip.pps);
    add(p.data, is_key ? std::vector<std::uint8_t>{0x65, 0x88, 0x84}
                       : std::vector<std::uint8_t>{0x41, 0x9a, 0x24});
    return p;
  }
  void push(bool is_key) { feed.picture(picture(is_key), now()); }
  /// A second of video.
  void play() {
    for (int i = 0; i < 10; ++i) {
      push(i == 0);
      pass(100ms);
    }
  }

  std::string said;
  feed_vitals last;
  mono_ns mono = to_ns(10s);
  seeded_random random{3};
  std::shared_ptr<recorded_sink> seen = std::make_shared<recorded_sink>();
  static feed_config config() {
    feed_config made;
    made.camera = camera_id{"cam-1"};
    return made;
  }
  pushed_feed feed{config(), {seen}, *this, random};
};

}  // namespace

TEST_CASE("pushed feed: opens, becomes live with two pictures, and hands them on") {
  bench b;
  b.feed.start(b.now());
  CHECK(b.said == "open ");
  CHECK(b.last.phase == feed_phase::negotiating);
  b.feed.opened({}, b.now());
  CHECK(b.last.phase == feed_phase::playing);
  b.play();
  CHECK(b.last.phase == feed_phase::advancing);
  CHECK(b.seen->units.size() == 10);
  CHECK(b.seen->units[0]->is_key);
  CHECK(b.seen->units[0]->sequence == 1);
  CHECK(b.seen->units[9]->sequence == 10);
  CHECK(b.seen->units[9]->stream_generation == 1);
  CHECK(b.last.width_px == 320);
}

TEST_CASE(
    "pushed feed: a start in the middle of a GOP waits for its key picture, and is no stall") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  for (int i = 0; i < 30; ++i) {
    b.push(false);
    b.pass(100ms);
  }
  CHECK(b.seen->units.empty());
  CHECK(b.last.phase == feed_phase::playing);
  b.play();
  CHECK(b.seen->units.size() == 10);
}

TEST_CASE("pushed feed: silence is a stall; then the stream is closed before it is opened anew") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  b.play();
  b.said.clear();
  b.pass(2s);
  CHECK(b.last.phase == feed_phase::stalled);
  REQUIRE(b.last.trouble);
  CHECK(b.last.trouble->code == errc::stall_silence);
  CHECK(b.said.empty());
  b.pass(10s);
  CHECK(b.said.starts_with("close open "));
  CHECK(b.seen->ends == 1);
}

TEST_CASE("pushed feed: an end the plugin tells is its trouble until two pictures came") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  b.play();
  b.said.clear();
  b.feed.ended({errc::auth_rejected, "no"}, b.now());
  CHECK(b.said == "close ");
  CHECK(b.last.phase == feed_phase::idle);
  CHECK(b.last.trouble->code == errc::auth_rejected);
  b.pass(60s);
  CHECK(b.said == "close ");  // minutes: hammering locks accounts
  b.pass(6min);
  CHECK(b.said.starts_with("close open "));
  b.feed.opened({}, b.now());
  b.push(true);
  CHECK(b.last.phase == feed_phase::playing);
  b.pass(100ms);
  b.push(false);
  CHECK(b.last.phase == feed_phase::advancing);
  CHECK_FALSE(b.last.trouble);
  CHECK(b.seen->units.back()->sequence == 12);  // numbered on
}

TEST_CASE("pushed feed: a plugin that cannot open is asked again, ever later") {
  bench b;
  b.feed.start(b.now());
  int opens = 0;
  for (int i = 0; i < 8; ++i) {
    b.feed.opened(fail(errc::io_refused, "nothing there"), b.now());
    CHECK(b.last.trouble->code == errc::io_refused);
    b.said.clear();
    const auto asked = b.mono;
    while (b.said.empty() && b.mono - asked < to_ns(40s)) b.pass(100ms);
    if (b.said == "open ") ++opens;
  }
  CHECK(opens == 8);
  CHECK(b.last.sessions == 0);
}

TEST_CASE("pushed feed: a plugin that never answers is broken off after its patience") {
  bench b;
  b.feed.start(b.now());
  b.pass(14s);
  CHECK(b.said == "open ");
  b.pass(40s);
  CHECK(b.said.starts_with("open close open "));
  CHECK(b.last.trouble->code == errc::child_timeout);
}

TEST_CASE("pushed feed: rubbish, repeated times and foreign codecs cost themselves only") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  b.play();
  pushed_picture rubbish;
  rubbish.media_pts_us = b.mono / 1000;
  rubbish.data.assign(50, 0xff);
  b.feed.picture(rubbish, b.now());
  auto again = b.picture(false);
  again.media_pts_us -= 1'000'000;
  b.feed.picture(again, b.now());
  CHECK(b.seen->units.size() == 10);
  CHECK(b.feed.vitals(b.now()).anomalies == 2);
  b.play();
  CHECK(b.seen->units.size() == 20);
}

TEST_CASE("pushed feed: a new generation waits for its key picture and is announced") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  b.play();
  auto next = b.picture(false);
  next.source_generation = 7;
  next.media_pts_us = 5;
  b.feed.picture(next, b.now());
  CHECK(b.seen->units.size() == 10);
  next = b.picture(true);
  next.source_generation = 7;
  next.media_pts_us = 10;  // its own time line
  next.after_loss = true;
  b.feed.picture(next, b.now());
  REQUIRE(b.seen->units.size() == 11);
  CHECK(b.seen->units.back()->stream_generation == 2);
  CHECK(b.seen->units.back()->starts_after_loss);
}

TEST_CASE("pushed feed: stopping closes at once and nothing follows") {
  bench b;
  b.feed.start(b.now());
  b.feed.opened({}, b.now());
  b.play();
  b.feed.stop(b.now());
  CHECK(b.said.ends_with("close "));
  CHECK(b.seen->ends == 1);
  b.push(true);
  CHECK(b.seen->units.size() == 10);
  CHECK(b.feed.wake_at() == feed::never);
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <memory>

#include "recording_lab.hpp"
#include "unit/ingest/feed_bench.hpp"

using namespace vigie;
using namespace std::chrono_literals;
using vigie::test::feed_bench;
using vigie::test::recording_lab;

namespace {

constexpr std::size_t budget = 8u << 20;
constexpr std::size_t picture_bytes = 60'000;
constexpr auto interval = 12ms;  // 40 Mbit/s

/// A pulled camera whose pictures go to a recorder that writes when the test says so.
struct recorded_bench {
  recording_lab lab;
  recording::recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes,
                             lab.listener()};
  std::shared_ptr<ingest::memory_ledger> ledger = std::make_shared<ingest::memory_ledger>();
  feed_bench bench{config()};
  int sent = 0;

  ingest::feed_config config() const {
    auto out = feed_bench::default_config();
    out.memory = ledger;
    out.memory_budget_bytes = budget;
    return out;
  }
  recorded_bench() {
    bench.feed->add_sink(engine.make_sink(camera_id{"cam-1"}));
    bench.feed->start(bench.now());
    REQUIRE(bench.run_until_phase(ingest::feed_phase::advancing, 2s));
    bench.sends = feed_bench::stream::nothing;
    bench.camera.rtp_step = 1080;
  }
  /// One picture of 40 Mbit/s, a key frame every fifty.
  void show() {
    bench.time.advance(interval);
    lab.time.advance(interval);
    bench.feed->bytes(bench.camera.picture(sent++ % 50 == 0, picture_bytes), bench.now());
    if (bench.time.mono() >= bench.feed->wake_at()) bench.feed->tick(bench.now());
  }
};

}  // namespace

TEST_CASE("memory budget: 40 Mbit/s before a writer that stands still stay within the budget") {
  recorded_bench lab;
  std::size_t most = 0;
  for (int i = 0; i < 2500; ++i) {
    lab.show();
    most = std::max(most, lab.ledger->held_bytes());
  }
  CHECK(most > budget / 2);
  CHECK(most <= budget + 2 * picture_bytes);
  CHECK(lab.ledger->most_of_one() == most);
  CHECK(lab.ledger->relieved() > 0);
  CHECK(lab.engine.totals().queued_bytes <= budget);
  CHECK(lab.engine.totals().dropped_gops > 0);

  SUBCASE("and are recorded again from the next key frame on once it writes") {
    lab.engine.pump();
    const auto written = lab.engine.totals().written_frames;
    const auto relieved = lab.ledger->relieved();
    for (int i = 0; i < 200; ++i) {
      lab.show();
      lab.engine.pump();
    }
    CHECK(lab.engine.totals().written_frames > written + 100);
    CHECK(lab.ledger->held_bytes() < budget / 4);
    CHECK(lab.ledger->relieved() == relieved);
  }
  SUBCASE("and nothing of it is left when the camera is gone") {
    lab.bench.feed.reset();
    CHECK(lab.ledger->held_bytes() == 0);
  }
}

TEST_CASE("memory budget: 40 Mbit/s lose nothing while the writer follows") {
  recorded_bench lab;
  for (int i = 0; i < 1000; ++i) {
    lab.show();
    if (i % 8 == 0) lab.engine.pump();
  }
  CHECK(lab.ledger->relieved() == 0);
  CHECK(lab.engine.totals().dropped_gops == 0);
  CHECK(lab.ledger->most_of_one() < budget / 4);
  CHECK(lab.engine.totals().written_frames > 950);
}

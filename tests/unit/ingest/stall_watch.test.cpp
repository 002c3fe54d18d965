// SPDX-License-Identifier: Apache-2.0
#include "ingest/stall_watch.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::ingest;
using namespace std::chrono_literals;

namespace {

constexpr mono_ns ms = 1'000'000;

/// A watch after `count` pictures at the given interval, from time 0; returns the last one's time.
mono_ns play(stall_watch& watch, int count, mono_ns interval) {
  watch.arm(0);
  mono_ns at = 0;
  for (int i = 0; i < count; ++i) watch.on_unit(at += interval);
  return at;
}

}  // namespace

TEST_CASE("stall watch: a fast camera is judged by the floor") {
  stall_watch watch{1200ms};
  const auto last = play(watch, 50, 83 * ms);
  CHECK(watch.deadline() == last + 1200 * ms);
}

TEST_CASE("stall watch: a slow camera gets three of its own intervals") {
  stall_watch watch{1200ms};
  const auto last = play(watch, 10, 2000 * ms);
  CHECK(watch.deadline() == last + 6000 * ms);
}

TEST_CASE("stall watch: a young session has patience, then none") {
  stall_watch watch{1200ms};
  watch.arm(0);
  CHECK(watch.deadline() == 5000 * ms);
  watch.on_unit(10 * ms);
  CHECK(watch.deadline() == 5010 * ms);
  for (int i = 1; i <= 3; ++i) watch.on_unit(10 * ms + i * 80 * ms);
  CHECK(watch.deadline() == 250 * ms + 1200 * ms);
}

TEST_CASE("stall watch: pictures that wait for a key frame are progress, but not for ever") {
  stall_watch watch{1200ms};
  const auto last = play(watch, 50, 100 * ms);
  mono_ns at = last;
  while (at < last + 19'000 * ms) watch.on_dropped_picture(at += 100 * ms);
  CHECK(watch.deadline() == last + 20'000 * ms);
  watch.on_unit(at += 100 * ms);
  CHECK(watch.deadline() == at + 1200 * ms);
}

TEST_CASE("stall watch: evidence tells silence, control packets and a drip apart") {
  stall_watch watch{1200ms};
  const auto last = play(watch, 50, 83 * ms);
  const auto at = last + 1200 * ms;
  SUBCASE("silence") { CHECK(watch.evidence(at) == errc::stall_silence); }
  SUBCASE("the torn end of the last picture proves nothing") {
    watch.on_read(900, 33, last + 40 * ms);
    CHECK(watch.evidence(at) == errc::stall_silence);
  }
  SUBCASE("whole control messages") {
    watch.on_read(0, 0, last + 1000 * ms);
    CHECK(watch.evidence(at) == errc::stall_rtcp_only);
  }
  SUBCASE("a message that never ends") {
    watch.on_read(0, 1, last + 1000 * ms);
    CHECK(watch.evidence(at) == errc::stall_drip);
  }
  SUBCASE("video packets that make no picture") {
    watch.on_read(50, 0, last + 600 * ms);
    watch.on_read(0, 0, last + 700 * ms);
    CHECK(watch.evidence(at) == errc::stall_drip);
  }
  SUBCASE("a control packet cut by the network is still a control packet") {
    watch.on_read(0, 0, last + 500 * ms);
    watch.on_read(0, 10, at - 10 * ms);
    CHECK(watch.evidence(at) == errc::stall_rtcp_only);
  }
}

TEST_CASE("stall watch: a pardon starts the deadline anew and is no frame interval") {
  stall_watch watch{1200ms};
  play(watch, 50, 83 * ms);
  watch.forgive(60'000 * ms);
  CHECK(watch.deadline() == 61'200 * ms);
  watch.on_unit(60'100 * ms);
  CHECK(watch.interval() == 83ms);
}

TEST_CASE("stall watch: a resumed camera is soon judged by its usual pace again") {
  stall_watch watch{1200ms};
  auto at = play(watch, 50, 83 * ms) + 10'000 * ms;
  watch.on_unit(at);
  for (int i = 0; i < 12; ++i) watch.on_unit(at += 83 * ms);
  CHECK(watch.deadline() - at < 1500 * ms);
}

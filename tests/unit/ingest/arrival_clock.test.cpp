// SPDX-License-Identifier: Apache-2.0
#include "ingest/arrival_clock.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

using namespace vigie;
using namespace vigie::ingest;

namespace {

constexpr mono_ns ms = 1'000'000;
constexpr mono_ns second = 1'000 * ms;
constexpr std::uint32_t ticks_per_ms = 90;

/// A camera of 12 pictures a second whose clock runs `drift_ppm` fast, from `start` on.
struct sender {
  mono_ns start = 5 * second;
  std::uint32_t first_ts = 0xffff'f000;  // wraps within the first second
  double drift_ppm = 0;
  mono_ns sent(int picture) const { return start + picture * second / 12; }
  std::uint32_t ts(int picture) const {
    return first_ts + static_cast<std::uint32_t>(picture * 7500.0 * (1 + drift_ppm * 1e-6));
  }
};

/// The end of the sweep, every 250 ms, that reads what arrives at `at`.
mono_ns sweep_after(mono_ns at) { return (at / (250 * ms) + 1) * 250 * ms; }

}  // namespace

TEST_CASE("arrival clock: a packet read at once arrived when it was read") {
  arrival_clock clock;
  CHECK(clock.place(1000, 7 * second, 7 * second) == 7 * second);
  CHECK(clock.place(1000 + 83 * ticks_per_ms, 8 * second, 8 * second) == 8 * second);
}

TEST_CASE("arrival clock: pictures of one sweep are placed where the sender's time says") {
  const sender camera;
  arrival_clock clock;
  for (int i = 0; i < 36; ++i) clock.place(camera.ts(i), camera.sent(i), camera.sent(i));
  for (int i = 36; i < 1200; ++i) {
    const auto now = sweep_after(camera.sent(i));
    const auto placed = clock.place(camera.ts(i), now - 250 * ms, now);
    CHECK(std::abs(placed - camera.sent(i)) < ms);
  }
}

TEST_CASE("arrival clock: drift and jitter never lead out of the sweep, and cost little") {
  for (const double drift : {-100.0, 100.0}) {
    CAPTURE(drift);
    std::mt19937 random{7};
    std::uniform_int_distribution<mono_ns> delay{0, 20 * ms};
    sender camera;
    camera.drift_ppm = drift;
    arrival_clock clock;
    mono_ns previous = 0;
    mono_ns worst = 0;
    for (int i = 0; i < 12 * 600; ++i) {
      const auto arrived = camera.sent(i) + delay(random);
      const auto now = i < 36 ? arrived : sweep_after(arrived);
      const auto since = i < 36 ? arrived : now - 250 * ms;
      const auto placed = clock.place(camera.ts(i), since, now);
      CHECK(placed >= std::min(since, previous));
      CHECK(placed <= now);
      CHECK(placed >= previous);
      previous = placed;
      worst = std::max(worst, std::abs(placed - arrived));
    }
    CHECK(worst <= 250 * ms);
  }
}

TEST_CASE("arrival clock: a nonsensical RTP time costs no more than the sweep") {
  std::mt19937 random{11};
  arrival_clock clock;
  for (int i = 1; i < 1000; ++i) {
    const mono_ns now = i * 250 * ms;
    const auto placed = clock.place(static_cast<std::uint32_t>(random()), now - 250 * ms, now);
    CHECK(placed > now - 251 * ms);
    CHECK(placed <= now);
  }
}

TEST_CASE("arrival clock: a cut of the sender's time line starts the relation anew") {
  const sender camera;
  arrival_clock clock;
  for (int i = 0; i < 36; ++i) clock.place(camera.ts(i), camera.sent(i), camera.sent(i));
  const std::uint32_t cut = 900'000;  // ten seconds of its time
  const auto at = camera.sent(36);
  CHECK(clock.place(camera.ts(36) + cut, at - 250 * ms, at) == at);
  CHECK(clock.peek(camera.ts(37) + cut, at, at + 250 * ms) == doctest::Approx(camera.sent(37)));
}

TEST_CASE("arrival clock: asking moves nothing, and without a reference the answer is now") {
  arrival_clock clock;
  CHECK(clock.peek(5, 0, second) == second);
  clock.place(0, second, second);
  CHECK(clock.peek(90 * 100, second, 2 * second) == second + 100 * ms);
  CHECK(clock.peek(90 * 100, second, 2 * second) == second + 100 * ms);
}

// SPDX-License-Identifier: Apache-2.0
#include "analytics/sampling.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "base/random.hpp"
#include "domain/picture_judge.hpp"

namespace {

using namespace vigie;
using namespace std::chrono_literals;
using analytics::sampling;

constexpr auto interval = 2s;

/// Arrivals of a camera's key frames over a minute, each up to `jitter` late.
std::vector<mono_ns> key_frames(std::chrono::milliseconds gop, std::chrono::milliseconds jitter,
                                std::uint64_t seed) {
  seeded_random random{seed};
  std::vector<mono_ns> out;
  for (mono_ns at = to_ns(100s); at < to_ns(160s); at += to_ns(gop))
    out.push_back(
        at + static_cast<mono_ns>(random.next() % static_cast<std::uint64_t>(to_ns(jitter) + 1)));
  return out;
}

/// How long a camera whose picture freezes at `frozen_at` goes unnoticed; every picture before
/// differs, every one after is the same.
mono_ns unnoticed_for(const std::vector<mono_ns>& arrivals, mono_ns frozen_at) {
  sampling rule{interval};
  domain::picture_judgement judgement;
  bool was_frozen = false;
  for (const auto at : arrivals) {
    if (!rule.takes(at)) continue;
    const bool is_frozen = at >= frozen_at;
    const double change = is_frozen && was_frozen ? 0 : 5;
    was_frozen = is_frozen;
    judgement = domain::judge(judgement, {{}, at, true, 0, 0, change, change});
    if (judgement.frozen) return at - frozen_at;
  }
  return to_ns(24h);
}

}  // namespace

TEST_SUITE("analytics/sampling") {
  TEST_CASE("the first key frame is taken, then one per interval") {
    sampling rule{interval};
    std::vector<mono_ns> taken;
    for (mono_ns at = 0; at <= to_ns(10s); at += to_ns(500ms))
      if (rule.takes(at)) taken.push_back(at);
    CHECK(taken.front() == 0);
    for (std::size_t i = 1; i < taken.size(); ++i) CHECK(taken[i] - taken[i - 1] == to_ns(1500ms));
  }

  TEST_CASE("a GOP as long as the interval, or longer, has every key frame taken despite jitter") {
    for (const auto gop : {2000ms, 2500ms, 4000ms, 10'000ms}) {
      sampling rule{interval};
      for (const auto at : key_frames(gop, 400ms, 1)) CHECK(rule.takes(at));
    }
  }

  TEST_CASE("short GOPs cost no more than one decoding per five eighths of the interval") {
    for (const auto gop : {40ms, 250ms, 1000ms, 1240ms}) {
      CAPTURE(gop.count());
      sampling rule{interval};
      int taken = 0;
      for (const auto at : key_frames(gop, 30ms, 2)) taken += rule.takes(at) ? 1 : 0;
      CHECK(taken <= 49);
      CHECK(taken >= 20);
    }
  }

  TEST_CASE("frozen is concluded within ten seconds whenever it happens, for GOPs of up to 5 s") {
    for (const auto gop :
         {500ms, 1000ms, 1250ms, 1300ms, 1500ms, 2000ms, 2300ms, 2500ms, 3000ms, 4000ms, 4800ms})
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(gop.count());
        CAPTURE(seed);
        const auto arrivals = key_frames(gop, 100ms, seed);
        mono_ns worst = 0;
        for (mono_ns at = to_ns(120s); at < to_ns(125s); at += to_ns(50ms))
          worst = std::max(worst, unnoticed_for(arrivals, at));
        CHECK(worst <= to_ns(10s));
      }
  }
}

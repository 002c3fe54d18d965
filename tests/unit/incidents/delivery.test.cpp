// SPDX-License-Identifier: Apache-2.0
#include "incidents/delivery.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace vigie;
using namespace vigie::incidents;
using namespace std::chrono_literals;

namespace {

/// A delivery with its clock; what is sent is written down.
struct road {
  delivery d;
  delivery_rules rules;
  std::size_t paths = 2;
  mono_ns now = 1;
  std::vector<send_now> sent;
  int humans = 0;
  int delivered = 0;
  int acknowledged = 0;

  void give(const delivery_input& input) {
    auto out = step(d, input, paths, rules, now);
    d = out.next;
    for (const auto& effect : out.effects) {
      if (const auto* s = std::get_if<send_now>(&effect)) sent.push_back(*s);
      humans += std::holds_alternative<tell_human>(effect) ? 1 : 0;
      delivered += std::holds_alternative<tell_delivered>(effect) ? 1 : 0;
      acknowledged += std::holds_alternative<tell_acknowledged>(effect) ? 1 : 0;
    }
  }
  void wait(std::chrono::milliseconds t) {
    now += to_ns(t);
    give(time_passed{});
  }
  void report(delivery_outcome outcome, std::uint32_t path = 0) {
    give(path_report{path, outcome, "ref", "text"});
  }
};

}  // namespace

TEST_SUITE_BEGIN("incidents");

TEST_CASE("delivery: the first path is taken at once, and its acknowledgement settles it") {
  road r;
  r.give(time_passed{});
  REQUIRE(r.sent.size() == 1);
  CHECK(r.sent[0].path == 0);
  CHECK(r.sent[0].attempt == 1);
  r.report(delivery_outcome::delivered);
  CHECK(r.d.state == delivery_state::delivered);
  r.report(delivery_outcome::delivered);
  r.report(delivery_outcome::acknowledged);
  CHECK(r.d.state == delivery_state::acknowledged);
  CHECK(r.delivered == 1);
  CHECK(r.acknowledged == 1);
  r.wait(1h);
  r.report(delivery_outcome::failed);
  CHECK(r.sent.size() == 1);
}

TEST_CASE("delivery: an acknowledgement without a delivery before tells both") {
  road r;
  r.give(time_passed{});
  r.report(delivery_outcome::acknowledged);
  CHECK(r.delivered == 1);
  CHECK(r.acknowledged == 1);
}

TEST_CASE("delivery: a mute path gives way to the next within the rule, not before") {
  road r;
  r.give(time_passed{});
  r.wait(r.rules.mute_after - 1ms);
  CHECK(r.sent.size() == 1);
  r.wait(1ms);
  REQUIRE(r.sent.size() == 2);
  CHECK(r.sent[1].path == 1);
  CHECK(r.sent[1].attempt == 2);
  CHECK(r.humans == 0);
  SUBCASE("and a late word of the first path still counts") {
    r.report(delivery_outcome::acknowledged, 0);
    CHECK(r.d.state == delivery_state::acknowledged);
  }
  SUBCASE("a late refusal of the first path does not stop the second") {
    r.report(delivery_outcome::failed, 0);
    CHECK(r.d.state == delivery_state::sent);
    CHECK(r.d.path == 1);
  }
}

TEST_CASE("delivery: a path that refuses gives way at once") {
  road r;
  r.give(time_passed{});
  r.report(delivery_outcome::failed);
  r.give(time_passed{});
  REQUIRE(r.sent.size() == 2);
  CHECK(r.sent[1].path == 1);
}

TEST_CASE("delivery: when all paths were tried a person is asked once, and machines try on") {
  road r;
  r.give(time_passed{});
  r.report(delivery_outcome::failed, 0);
  r.give(time_passed{});
  r.report(delivery_outcome::failed, 1);
  CHECK(r.humans == 1);
  r.give(time_passed{});
  CHECK(r.sent.size() == 2);
  r.wait(r.rules.first_pause);
  CHECK(r.sent.size() == 3);
  for (int i = 0; i < 40; ++i) r.wait(r.rules.longest_pause);
  CHECK(r.humans == 1);
  CHECK(r.sent.size() > 20);
  r.give(reached_by_voice{"the duty officer"});
  CHECK(r.d.state == delivery_state::acknowledged);
  CHECK(r.delivered == 0);
}

TEST_CASE("delivery: a script to read waits for the person, without more machines") {
  road r;
  r.give(time_passed{});
  r.report(delivery_outcome::needs_human);
  CHECK(r.d.state == delivery_state::needs_human);
  CHECK(r.d.detail == "text");
  CHECK(r.humans == 1);
  r.wait(1h);
  CHECK(r.sent.size() == 1);
}

TEST_CASE("delivery: without a path a person calls at once") {
  road r;
  r.paths = 0;
  r.give(time_passed{});
  CHECK(r.sent.empty());
  CHECK(r.humans == 1);
  CHECK(r.d.state == delivery_state::needs_human);
}

TEST_CASE("delivery: whatever comes in whatever order, it is told once and never comes back") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    seeded_random random{seed};
    road r;
    r.paths = random.next() % 4;
    for (int i = 0; i < 60; ++i) {
      const auto before = r.d.state;
      switch (random.next() % 6) {
        case 0:
        case 1:
          r.wait(std::chrono::milliseconds{random.next() % 8000});
          break;
        case 2:
          r.paths = random.next() % 4;
          break;
        case 3:
          resume(r.d, r.now);
          break;
        default:
          r.report(static_cast<delivery_outcome>(1 + random.next() % 4),
                   static_cast<std::uint32_t>(random.next() % 4));
      }
      if (before == delivery_state::acknowledged) CHECK(r.d.state == before);
      CHECK(r.acknowledged <= 1);
      CHECK(r.delivered <= 1);
    }
  }
}

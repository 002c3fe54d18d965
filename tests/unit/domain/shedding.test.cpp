// SPDX-License-Identifier: Apache-2.0
#include "domain/shedding.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

namespace {

using namespace vigie;
using namespace std::chrono_literals;
using domain::sheddable;
using domain::shedding;

/// Half-second pulses under one load.
shedding after(shedding state, double load, std::chrono::milliseconds span, mono_ns& now) {
  for (const auto end = now + to_ns(span); now < end; now += to_ns(500ms))
    state = domain::step(state, {load, 0, 0}, now);
  return state;
}

}  // namespace

TEST_SUITE("domain/shedding") {
  TEST_CASE("nothing is shed while nothing is loaded") {
    mono_ns now = to_ns(100s);
    CHECK(after({}, 0.2, 60s, now).count == 0);
    CHECK(after({}, 0.4, 60s, now).count == 0);
  }

  TEST_CASE("the order is analyses, picture measures, extra live views, replay, a second apart") {
    mono_ns now = to_ns(100s);
    shedding state;
    for (std::size_t shed = 1; shed <= domain::shedding_order.size(); ++shed) {
      state = after(state, 0.6, 1s, now);
      CHECK(state.count == shed);
      for (std::size_t i = 0; i < domain::shedding_order.size(); ++i)
        CHECK(state.sheds(domain::shedding_order[i]) == (i < shed));
    }
    CHECK(domain::shedding_order.front() == sheddable::analyses);
    CHECK(domain::shedding_order.back() == sheddable::replay);
    CHECK(after(state, 0.6, 60s, now).count == domain::shedding_order.size());
  }

  TEST_CASE("where frames are about to be lost everything is shed at once") {
    CHECK(domain::step({}, {0, 0.95, 0}, to_ns(100s)).count == domain::shedding_order.size());
    CHECK(domain::step({}, {0, 0, 1.5}, to_ns(100s)).count == domain::shedding_order.size());
  }

  TEST_CASE("services come back in the reverse order, ten calm seconds apart") {
    mono_ns now = to_ns(100s);
    auto state = domain::step({}, {1, 0, 0}, now);
    state = after(state, 0.1, 9s, now);
    CHECK(state.count == 4);
    state = after(state, 0.1, 2s, now);
    CHECK(state.count == 3);
    CHECK_FALSE(state.sheds(sheddable::replay));
    state = after(state, 0.4, 30s, now);
    CHECK(state.count == 3);
    CHECK(after(state, 0.1, 9s, now).count == 3);
    now += to_ns(9s);
    CHECK(after(state, 0.1, 45s, now).count == 0);
  }

  TEST_CASE(
      "a random load never sheds out of order, nor gives back two services within ten seconds") {
    seeded_random random{11};
    shedding state;
    mono_ns now = to_ns(100s);
    mono_ns given_back = 0;
    for (int i = 0; i < 20'000; ++i, now += to_ns(250ms)) {
      const auto before = state;
      state = domain::step(state, {random.unit(), random.unit() / 2, 0}, now);
      CHECK(state.count <= domain::shedding_order.size());
      if (state.count >= before.count) continue;
      CHECK(before.count - state.count == 1);
      CHECK(now - given_back >= to_ns(10s));
      given_back = now;
    }
  }

  TEST_CASE("four live views are kept whatever the load") {
    shedding state;
    CHECK(domain::admits_live_view(state, 1000));
    state.count = domain::shedding_order.size();
    CHECK(domain::admits_live_view(state, 3));
    CHECK_FALSE(domain::admits_live_view(state, 4));
  }
}

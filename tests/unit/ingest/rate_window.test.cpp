// SPDX-License-Identifier: Apache-2.0
#include "ingest/rate_window.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::ingest;

namespace {
constexpr mono_ns second = 1'000'000'000;
}

TEST_CASE("rate window: a steady stream shows its rate") {
  rate_window window;
  window.restart(0, 100, 0);
  rate_window::rates seen;
  for (int s = 1; s <= 20; ++s)
    seen = window.sample(s * second, 100 + 12U * static_cast<unsigned>(s),
                         50'000U * static_cast<unsigned>(s));
  CHECK(seen.frames_per_s == doctest::Approx(12));
  CHECK(seen.kbit_per_s == doctest::Approx(400));
}

TEST_CASE("rate window: a stream that stops falls to zero within the window") {
  rate_window window;
  window.restart(0, 0, 0);
  for (int s = 1; s <= 10; ++s) window.sample(s * second, 12U * static_cast<unsigned>(s), 0);
  for (int s = 11; s <= 15; ++s) window.sample(s * second, 120, 0);
  CHECK(window.peek(16 * second, 120, 0).frames_per_s == doctest::Approx(0));
}

TEST_CASE("rate window: too short a look says nothing") {
  rate_window window;
  window.restart(0, 0, 0);
  CHECK(window.peek(second / 100, 5, 100).frames_per_s == 0);
}

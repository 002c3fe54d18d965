// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/call_watch.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace vigie;
using namespace vigie::plugin_host;
using namespace std::chrono_literals;

namespace {

constexpr mono_ns ms = 1'000'000;
constexpr process_sample idle{0, true, false}, on_line{0, true, true};

}  // namespace

TEST_CASE("call watch: who computes without end is found by the processor's time, not the wall's") {
  call_watch watch{800ms, true};
  watch.begin(0, {5'000 * ms, false, false}, 500ms);
  CHECK(watch.judge(400 * ms, {5'400 * ms, false, false}) == nullptr);
  // Starved by others: nine seconds of wall, less than half a second of work.
  CHECK(watch.judge(9'000 * ms, {5'499 * ms, false, false}) == nullptr);
  const auto* const why = watch.judge(9'100 * ms, {5'500 * ms, false, false});
  REQUIRE(why != nullptr);
  CHECK(std::string_view{why} == "computes without end");
}

TEST_CASE("call watch: who sleeps for no peer is found after its share") {
  call_watch watch{800ms, true};
  watch.begin(0, idle, 500ms);
  CHECK(watch.judge(799 * ms, idle) == nullptr);
  CHECK(watch.judge(800 * ms, idle) != nullptr);
}

TEST_CASE("call watch: who waits for a permitted peer may wait, and sleep a little in between") {
  call_watch watch{800ms, true};
  watch.begin(0, idle, 500ms);
  for (mono_ns at = 0; at < 9'000 * ms; at += 600 * ms) {
    CHECK(watch.judge(at, on_line) == nullptr);
    CHECK(watch.judge(at + 500 * ms, idle) == nullptr);
  }
  CHECK(watch.judge(9'000 * ms, idle) == nullptr);
  CHECK(watch.judge(10'000 * ms, idle) != nullptr);
}

TEST_CASE("call watch: without a permission a wait for a peer is a sleep like any other") {
  call_watch watch{800ms, false};
  watch.begin(0, on_line, 500ms);
  CHECK(watch.judge(800 * ms, on_line) != nullptr);
}

TEST_CASE("call watch: who waits for a disk or a processor is left to the deadline") {
  call_watch watch{800ms, false};
  watch.begin(0, idle, 500ms);
  for (mono_ns at = 0; at < 4'000 * ms; at += 25 * ms)
    CHECK(watch.judge(at, {0, false, false}) == nullptr);
}

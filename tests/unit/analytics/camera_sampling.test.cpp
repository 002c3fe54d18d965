// SPDX-License-Identifier: Apache-2.0
#include "analytics/camera_sampling.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace vigie;
using namespace std::chrono_literals;

namespace {

constexpr mono_ns second = 1'000'000'000;

analytics::picture_order every(std::chrono::milliseconds pace, std::uint32_t width) {
  return {{1, width, 90, pace}, nullptr};
}

}  // namespace

TEST_CASE("camera sampling: with more orders than fit a frame, everybody has a turn") {
  analytics::camera_sampling camera{camera_id{"cam"}, 0, std::nullopt};
  for (std::uint32_t who = 1; who <= 6; ++who)
    camera.subscribe("plugin-" + std::to_string(who), every(1000ms, who));
  std::map<std::uint32_t, int> served;
  for (mono_ns at = second; at <= 60 * second; at += second) {
    const auto wanted = camera.takes(at);
    REQUIRE(wanted);
    for (const auto& order : wanted->orders) ++served[order.wish.width];
  }
  REQUIRE(served.size() == 6);
  for (const auto& [who, times] : served) CHECK(times == 40);  // four of six, sixty times
}

TEST_CASE("camera sampling: each order has its own pace, and nobody's frame is not decoded") {
  analytics::camera_sampling camera{camera_id{"cam"}, 0, 2s};
  camera.subscribe("slow", every(10s, 320));
  int measured = 0, shown = 0, idle = 0;
  for (mono_ns at = second; at <= 60 * second; at += second) {
    const auto wanted = camera.takes(at);
    if (!wanted)
      ++idle;
    else
      measured += wanted->is_measured, shown += static_cast<int>(wanted->orders.size());
  }
  CHECK(measured == 30);
  CHECK(shown >= 6);
  CHECK(shown <= 9);
  CHECK(idle > 20);
}

TEST_CASE("camera sampling: an order of the same name is replaced, a cancelled one is gone") {
  analytics::camera_sampling camera{camera_id{"cam"}, 0, std::nullopt};
  camera.subscribe("one", every(1000ms, 320));
  camera.subscribe("one", every(1000ms, 640));
  auto wanted = camera.takes(second);
  REQUIRE(wanted);
  REQUIRE(wanted->orders.size() == 1);
  CHECK(wanted->orders[0].wish.width == 640);
  camera.unsubscribe("one");
  CHECK_FALSE(camera.takes(3 * second));
}

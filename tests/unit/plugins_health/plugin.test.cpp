// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "health_scenes/sequence.hpp"
#include "support/plugin_harness.hpp"

namespace {

namespace scenes = vigie::simulators::health;
using namespace vigie::test;

struct loaded {
  plugin_harness plugin{VIGIE_CAMERA_HEALTH_LIBRARY, VIGIE_FACTORY_ANALYTICS,
                        "fr.vigie.camera_health"};
};

}  // namespace

TEST_CASE_FIXTURE(loaded, "camera_health: asks for small grey pictures, ten seconds apart") {
  REQUIRE(plugin.init() == VIGIE_OK);
  const auto& wants = plugin.analytics();
  CHECK(wants.analytics_class == VIGIE_CLASS_TECHNICAL);
  CHECK(wants.pixel_format == VIGIE_PIXEL_GRAY8);
  CHECK(wants.width == 320);
  CHECK(wants.height == 180);
  CHECK(wants.interval_ms == 10'000);
}

TEST_CASE_FIXTURE(loaded, "camera_health: a configuration is refused, there is nothing to set") {
  CHECK(plugin.init(R"({"threshold": 3})") == VIGIE_E_INVALID);
}

TEST_CASE_FIXTURE(loaded,
                  "camera_health: a covered camera is told through the ABI, its neighbour not") {
  REQUIRE(plugin.init() == VIGIE_OK);
  REQUIRE(plugin.start() == VIGIE_OK);
  REQUIRE(plugin.attach_analytics(7, "cam-0007") == VIGIE_OK);
  REQUIRE(plugin.attach_analytics(8, "cam-0008") == VIGIE_OK);
  scenes::sequence covered{{31, scenes::weather::day, scenes::label::covered, 30, 40, 10}};
  scenes::sequence healthy{{32, scenes::weather::day, scenes::label::healthy, 0, 0, 10}};
  for (int i = 0; i < 50; ++i) {
    const auto at = std::int64_t{i} * 10'000'000;
    const auto id = static_cast<std::uint64_t>(i) * 2 + 1;
    REQUIRE(plugin.show(7, id, at, covered.next(), 320) == VIGIE_OK);
    REQUIRE(plugin.show(8, id + 1, at, healthy.next(), 320) == VIGIE_OK);
  }
  const auto told = plugin.host().with([](const host_record& r) { return r.detections; });
  REQUIRE(told.size() == 2);
  for (const auto& each : told) {
    CHECK(each.event_type == VIGIE_EVENT_PICTURE_COVERED);
    CHECK(each.camera == 7);
    CHECK(each.count == 0);
    CHECK(each.score >= 0);
    CHECK(each.score <= 1);
  }
  CHECK(told[0].active == 1);
  CHECK(told[0].at_utc_us == 320'000'000);
  CHECK(told[0].frame == 65);
  CHECK(told[1].active == 0);
}

TEST_CASE_FIXTURE(loaded, "camera_health: a frame that is not whole is refused") {
  REQUIRE(plugin.init() == VIGIE_OK);
  REQUIRE(plugin.start() == VIGIE_OK);
  REQUIRE(plugin.attach_analytics(7, "cam-0007") == VIGIE_OK);
  const std::vector<std::uint8_t> luma(320 * 180, 90);
  vigie_frame_t frame{};
  frame.size = sizeof frame;
  frame.pixel_format = VIGIE_PIXEL_GRAY8;
  frame.camera = 7;
  frame.width = 320;
  frame.height = 181;
  frame.plane_count = 1;
  frame.planes[0] = {luma.data(), 320, 180};
  CHECK(plugin.analytics().on_frame(plugin.get(), &frame, plugin.fresh_error()) == VIGIE_E_INVALID);
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/plugin_harness.hpp"
#include "unit/plugins_zone/drawn_yard.hpp"

namespace {

using namespace vigie::test;

constexpr auto config =
    R"({"cameras": {"cam-0007": {"zone": [[600,500],[1000,500],[1000,1000],[600,1000]], "hours": ["22:00-06:00"]}}})";
constexpr std::int64_t night_us = 1'795'298'400'000'000;

struct loaded {
  plugin_harness plugin{VIGIE_ZONE_INTRUSION_LIBRARY, VIGIE_FACTORY_ANALYTICS,
                        "fr.vigie.zone_intrusion"};

  void show(std::uint64_t camera, drawn_yard& yard, int picture) {
    const auto view = yard.next();
    vigie_frame_t frame{};
    frame.size = sizeof frame;
    frame.pixel_format = VIGIE_PIXEL_GRAY8;
    frame.id = static_cast<std::uint64_t>(picture) * 10 + camera;
    frame.camera = camera;
    frame.capture_utc_us = night_us + picture * 2'000'000;
    frame.width = drawn_yard::width;
    frame.height = drawn_yard::height;
    frame.plane_count = 1;
    frame.planes[0] = {view.data, drawn_yard::width, drawn_yard::height};
    REQUIRE(plugin.analytics().on_frame(plugin.get(), &frame, plugin.fresh_error()) == VIGIE_OK);
  }
};

}  // namespace

TEST_CASE_FIXTURE(loaded, "zone_intrusion: says that it signals security events") {
  REQUIRE(plugin.init(config) == VIGIE_OK);
  CHECK(plugin.analytics().analytics_class == VIGIE_CLASS_SECURITY_EVENT);
}

TEST_CASE_FIXTURE(loaded, "zone_intrusion: a configuration that is none is refused") {
  CHECK(plugin.init(R"({"cameras": {"cam-0007": {"zone": []}}})") == VIGIE_E_INVALID);
}

TEST_CASE_FIXTURE(loaded, "zone_intrusion: an entry is told through the ABI, of its camera alone") {
  REQUIRE(plugin.init(config) == VIGIE_OK);
  REQUIRE(plugin.start() == VIGIE_OK);
  REQUIRE(plugin.attach_analytics(7, "cam-0007") == VIGIE_OK);
  REQUIRE(plugin.attach_analytics(8, "cam-0008") == VIGIE_OK);  // no zone is drawn for it
  drawn_yard yard{1};
  for (int i = 0; i < 40; ++i) {
    if (i == 20) yard.box(250, 110, 18, 44, 30);
    if (i == 30) yard.clear();
    show(7, yard, i);
    show(8, yard, i);
  }
  const auto told = plugin.host().with([](const host_record& r) { return r.detections; });
  REQUIRE(told.size() == 2);
  for (const auto& each : told) {
    CHECK(each.event_type == VIGIE_EVENT_FORBIDDEN_ZONE);
    CHECK(each.camera == 7);
    CHECK(each.count == 0);
  }
  CHECK(told[0].active == 1);
  CHECK(told[0].frame == 217);
  CHECK(told[0].left >= 740);
  CHECK(told[1].active == 0);
}

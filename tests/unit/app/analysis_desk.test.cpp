// SPDX-License-Identifier: Apache-2.0
#include "app/analysis_desk.hpp"

#include <doctest/doctest.h>
#include <vigie/analytics.h>

using namespace vigie;

TEST_CASE("analysis desk: technical events are health causes, no other event is") {
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_BLACK) == domain::health_cause::black_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_FROZEN) == domain::health_cause::frozen_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_BLURRED) == domain::health_cause::blurred_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_PICTURE_COVERED) == domain::health_cause::covered_picture);
  CHECK(app::cause_of_event(VIGIE_EVENT_CAMERA_MOVED) == domain::health_cause::moved_camera);
  for (const auto other : {0, VIGIE_EVENT_COUNT_AGGREGATE, VIGIE_EVENT_FORBIDDEN_ZONE, 9999})
    CHECK_FALSE(app::cause_of_event(other));
}

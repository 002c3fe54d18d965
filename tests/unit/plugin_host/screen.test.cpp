// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/screen.hpp"

#include <doctest/doctest.h>
#include <vigie/sdk.h>

#include <limits>

namespace {

using namespace vigie;
using namespace vigie::plugin_host;

constexpr mono_ns second = 1'000'000'000;

detection_notice good_detection() {
  return {5, {VIGIE_EVENT_PICTURE_BLACK, 1, 1'700'000'000'000'000, 1, 0, 0.5, 0, 0, 1000, 1000}};
}

struct analytics_screen {
  screen judge{VIGIE_KIND_ANALYTICS, {VIGIE_EVENT_PICTURE_BLACK, VIGIE_EVENT_COUNT_AGGREGATE}};
  analytics_screen() {
    judge.attached(5);
    judge.frame_given(1);
  }
  template <class Change>
  verdict with(Change change) {
    auto said = good_detection();
    change(said);
    return judge.judge(said, second);
  }
};

}  // namespace

TEST_CASE_FIXTURE(analytics_screen,
                  "screen: a detection within its ranges passes, others are named") {
  CHECK(with([](auto&) {}).status == VIGIE_OK);
  const auto bad = [&](auto change) {
    const auto verdict = with(change);
    CHECK(verdict.status == VIGIE_E_INVALID);
    CHECK(verdict.fault == fault::bad_detection);
  };
  bad([](auto& n) { n.detection.score = std::numeric_limits<double>::quiet_NaN(); });
  bad([](auto& n) { n.detection.score = std::numeric_limits<double>::infinity(); });
  bad([](auto& n) { n.detection.score = -0.01; });
  bad([](auto& n) { n.detection.right = 1001; });
  bad([](auto& n) { n.detection.left = 600, n.detection.right = 500; });
  bad([](auto& n) { n.detection.event_type = VIGIE_EVENT_FIRE; });
  bad([](auto& n) { n.detection.active = 2; });
  bad([](auto& n) { n.detection.at = 0; });
  bad([](auto& n) { n.detection.count = 3; });
  bad([](auto& n) { n.detection.frame = 2; });
  CHECK(with([](auto& n) {
          n.detection.event_type = VIGIE_EVENT_COUNT_AGGREGATE, n.detection.count = 3;
        }).status == VIGIE_OK);
}

TEST_CASE_FIXTURE(analytics_screen,
                  "screen: a stranger's camera is a fault, one that just left is not") {
  CHECK(with([](auto& n) { n.camera = 6; }).fault == fault::foreign_camera);
  judge.detached(5);
  const auto late = with([](auto&) {});
  CHECK(late.status == VIGIE_E_NOT_FOUND);
  CHECK(!late.fault);
}

TEST_CASE_FIXTURE(analytics_screen, "screen: over the rate is refused, far over it is a flood") {
  int passed = 0;
  bool flooded = false;
  for (int n = 0; n < 1000; ++n) {
    const auto verdict = with([](auto&) {});
    if (verdict.status == VIGIE_OK) ++passed;
    flooded = flooded || verdict.fault == fault::flooded;
  }
  CHECK(passed == 200);
  CHECK(flooded);
  CHECK(judge.judge(good_detection(), 2 * second).status == VIGIE_OK);
}

TEST_CASE("screen: packets need an open stream and a time that advances") {
  screen judge{VIGIE_KIND_PROTOCOL, {}};
  judge.attached(1);
  packet_notice said{1, {VIGIE_CODEC_H264, true, false, 1, 1000, 1, {}, {1, 2, 3}}};
  CHECK(judge.judge(said, 1).status == VIGIE_E_STATE);
  judge.opened(1);
  CHECK(judge.judge(said, 1).status == VIGIE_OK);
  CHECK(judge.judge(said, 1).fault == fault::bad_packet);
  said.packet.stream_generation = 2;  // a new time line may start anywhere
  said.packet.media_pts_us = 0;
  CHECK(judge.judge(said, 1).status == VIGIE_OK);
  said.packet.stream_generation = 1;
  CHECK(judge.judge(said, 1).fault == fault::bad_packet);
  said.packet.data.clear();
  CHECK(judge.judge(said, 1).fault == fault::bad_packet);
  CHECK(judge.judge(good_detection(), 1).status == VIGIE_E_DENIED);
}

TEST_CASE("screen: a report is of a notification that was given, to the one it was given for") {
  screen judge{VIGIE_KIND_NOTIFIER, {}};
  judge.notification_given("k", "corg");
  report_notice said{{VIGIE_DELIVERY_DELIVERED, "k", "corg", "", "", 1}};
  CHECK(judge.judge(said, 1).status == VIGIE_OK);
  said.report.recipient = "cic";
  CHECK(judge.judge(said, 1).status == VIGIE_E_NOT_FOUND);
  said.report.recipient = "corg";
  said.report.outcome = 9;
  CHECK(judge.judge(said, 1).fault == fault::bad_event);
}

TEST_CASE("screen: the same offence is told once a second") {
  screen judge{VIGIE_KIND_NOTIFIER, {}};
  CHECK(judge.worth_telling(fault::flooded, second));
  CHECK(!judge.worth_telling(fault::flooded, second + 1));
  CHECK(judge.worth_telling(fault::bad_event, second + 1));
  CHECK(judge.worth_telling(fault::flooded, 3 * second));
}

TEST_CASE("screen: a plugin's text becomes one printable line") {
  CHECK(printable("a\nb\x1b[31m", 100) == "a b [31m");
  CHECK(printable("été", 4) == "ét");
}

// SPDX-License-Identifier: Apache-2.0
#include "gateway/prometheus_text.hpp"

#include <doctest/doctest.h>

using namespace vigie::gateway;

TEST_SUITE("gateway/prometheus_text") {
  TEST_CASE("metrics: families, labels and values are written as version 0.0.4 wants them") {
    prometheus_writer w;
    w.family("vigie_cameras", metric_type::gauge, "Cameras by state.");
    w.sample({{"state", "live"}}, 24);
    w.sample({{"state", "down"}, {"commune", "95018"}}, 0.5);
    w.family("vigie_frames_total", metric_type::counter, "Frames written.");
    w.sample(1e15);
    CHECK(w.take() ==
          "# HELP vigie_cameras Cameras by state.\n# TYPE vigie_cameras gauge\n"
          "vigie_cameras{state=\"live\"} 24\n"
          "vigie_cameras{state=\"down\",commune=\"95018\"} 0.5\n"
          "# HELP vigie_frames_total Frames written.\n# TYPE vigie_frames_total counter\n"
          "vigie_frames_total 1000000000000000\n");
    CHECK(w.take().empty());
  }

  TEST_CASE("metrics: a label cannot break its line") {
    prometheus_writer w;
    w.family("m", metric_type::gauge, "a\\b\nc");
    w.sample({{"l", "q\"b\\n\n"}}, 1);
    CHECK(w.take() == "# HELP m a\\\\b\\nc\n# TYPE m gauge\nm{l=\"q\\\"b\\\\n\\n\"} 1\n");
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "zone_intrusion/zone_setup.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

using namespace vigie::zone_intrusion;

TEST_CASE("zone setup: a camera's zone, hours and smallest size are read") {
  const auto all = read_setups(
      R"({"cameras": {"cam-0001": {"zone": [[0,0],[1000,0],[1000,1000]], "hours": ["22:00-06:00", "12:00-14:00"], "smallest_percent": 3}}})");
  REQUIRE(all.size() == 1);
  const auto& one = all.at("cam-0001");
  CHECK(one.zone.size() == 3);
  CHECK(one.smallest_percent == 3);
  REQUIRE(one.armed.size() == 2);
  CHECK(one.armed[0].contains(23 * 60));
  CHECK(one.armed[0].contains(0));
  CHECK_FALSE(one.armed[0].contains(6 * 60));
  CHECK(one.armed[1].contains(12 * 60));
  CHECK_FALSE(one.armed[1].contains(14 * 60));
  CHECK(read_setups("{}").empty());
}

TEST_CASE("zone setup: what is not a zone in set hours is refused in words") {
  for (
      const auto* wrong : {
          "",
          "[]",
          "null",
          R"({"camera": {}})",
          R"({"cameras": []})",
          R"({"cameras": {"a": {}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1,1]], "hours": ["22:00-06:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[500,500],[1000,1000]], "hours": ["22:00-06:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1001,0],[0,1000]], "hours": ["22:00-06:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[0.5,0],[0,1000]], "hours": ["22:00-06:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": []}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": ["at night"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": ["22:00-22:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": ["25:00-06:00"]}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": ["22:00-06:00"], "faces": true}}})",
          R"({"cameras": {"a": {"zone": [[0,0],[1000,0],[0,1000]], "hours": ["22:00-06:00"], "smallest_percent": 0}}})",
      }) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(read_setups(wrong), std::invalid_argument);
  }
}

TEST_CASE("zone setup: local time follows summer time, to the second") {
  using namespace std::chrono;
  const auto at = [](sys_days day, seconds time) {
    return duration_cast<microseconds>((day + time).time_since_epoch()).count();
  };
  const sys_days spring{2026y / March / 29};
  const sys_days autumn{2026y / October / 25};
  CHECK(local_minute(at(spring, 59min + 59s)) == 60 + 59);
  CHECK(local_minute(at(spring, 1h)) == 180);
  CHECK(local_minute(at(autumn, 59min + 59s)) == 120 + 59);
  CHECK(local_minute(at(autumn, 1h)) == 120);
  CHECK(local_minute(at(sys_days{2026y / January / 1}, 23h + 30min)) == 30);
  CHECK(local_minute(at(sys_days{1969y / January / 1}, 23h + 30min)) == 30);
}

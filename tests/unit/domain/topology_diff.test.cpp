// SPDX-License-Identifier: Apache-2.0
#include "domain/topology_diff.hpp"

#include <doctest/doctest.h>

#include "support/communes.hpp"

using namespace vigie;
using namespace vigie::domain;

TEST_SUITE("domain/topology_diff") {
  TEST_CASE("feeds: everything starts from nothing, and nothing changes from itself") {
    topology centre;
    centre.communes.push_back(test::make_commune("95018", 2, 3));
    CHECK(feed_changes_between({}, centre).started.size() == 6);
    CHECK(feed_changes_between(centre, {}).stopped.size() == 6);
    const auto none = feed_changes_between(centre, centre);
    CHECK(none.started.empty());
    CHECK(none.stopped.empty());
  }

  TEST_CASE("feeds: a new address, password or site is a new pull; a name or a law is not") {
    topology before;
    before.communes.push_back(test::make_commune("95018", 2, 4));
    auto after = before;
    auto& cameras = after.communes[0].sites[0].cameras;
    cameras[0].url += "2";
    cameras[1].password = secret{"changed"};
    cameras[2].name = "Hall";
    cameras[2].retention_days = 8;
    CHECK(same_pull(cameras[2], before.communes[0].sites[0].cameras[2]));
    CHECK_FALSE(same_camera(cameras[2], before.communes[0].sites[0].cameras[2]));
    after.communes[0].sites[1].cameras.push_back(cameras[3]);
    cameras.pop_back();
    const auto changes = feed_changes_between(before, after);
    CHECK(changes.stopped.size() == 3);
    REQUIRE(changes.started.size() == 3);
    CHECK(changes.started[2].path.site.str() == "95018-s2");
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "bus/subjects.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::bus;

TEST_CASE("subjects: the builders give what the interface page says") {
  const commune_id commune{"95018"};
  const site_id site{"college-hugo"};
  const camera_id camera{"cam-0001"};
  CHECK(subject::camera_state({commune, site, camera}) ==
        "vigie.v1.state.95018.college-hugo.cam-0001");
  CHECK(subject::site_state(commune, site) == "vigie.v1.state.95018.college-hugo._");
  CHECK(subject::commune_state(commune) == "vigie.v1.state.95018._._");
  CHECK(subject::event(commune, site, camera, event_type::camera_down) ==
        "vigie.v1.event.95018.college-hugo.cam-0001.camera_down");
  CHECK(subject::event(commune, site, {}, event_type::site_outage) ==
        "vigie.v1.event.95018.college-hugo._.site_outage");
  CHECK(subject::event({}, {}, {}, event_type::node_started) ==
        "vigie.v1.event._._._.node_started");
  CHECK(subject::heartbeat("node-1") == "vigie.v1.node.node-1.heartbeat");
  CHECK(subject::request("console", "live", "open") == "vigie.v1.request.console.live.open");
}

TEST_CASE("subjects: a request's address is read back from its subject") {
  const auto address = parse_request_subject(subject::request("console", "state", "snapshot"));
  REQUIRE(address.has_value());
  CHECK(*address == request_address{"console", "state", "snapshot"});
}

TEST_CASE("subjects: anything else is no request address") {
  for (const auto* text :
       {"", "vigie.v1.request.", "vigie.v1.request.console", "vigie.v1.request.console.live",
        "vigie.v1.request.console.live.", "vigie.v1.request.console.live.open.",
        "vigie.v1.request.console.live.open.now", "vigie.v1.request..live.open",
        "vigie.v1.request.*.live.open", "vigie.v1.request.console.>.open",
        "vigie.v1.request.Console.live.open", "vigie.v1.request.con sole.live.open",
        "vigie.v2.request.console.live.open", "vigie.v1.state.console.live.open"}) {
    CAPTURE(text);
    const auto address = parse_request_subject(text);
    REQUIRE_FALSE(address.has_value());
    CHECK(address.error().code == errc::bus_malformed);
  }
}

TEST_CASE("subjects: wildcards match by the server's rules") {
  CHECK(subject::matches("a.b", "a.b"));
  CHECK(subject::matches("a.*", "a.b"));
  CHECK(subject::matches("*.b", "a.b"));
  CHECK(subject::matches("a.>", "a.b.c"));
  CHECK(subject::matches(">", "a"));
  CHECK_FALSE(subject::matches("a.>", "a"));
  CHECK_FALSE(subject::matches("a.*", "a.b.c"));
  CHECK_FALSE(subject::matches("a.b.c", "a.b"));
  CHECK_FALSE(subject::matches("a.b", "a.c"));
}

TEST_CASE("subjects: only plain subjects can be published to") {
  CHECK(subject::is_publishable("vigie.v1.state.95018._._"));
  for (const auto* text : {"", ".", "a.", ".a", "a..b", "a.*", "a.>", "a b", "a\r\nPUB", "é"}) {
    CAPTURE(text);
    CHECK_FALSE(subject::is_publishable(text));
  }
  CHECK_FALSE(subject::is_publishable(std::string(256, 'a')));
}

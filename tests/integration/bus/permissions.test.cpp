// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "bus/codec.hpp"
#include "bus_lab.hpp"
#include "nats_client.hpp"

using namespace vigie;
using namespace vigie::bus;

TEST_CASE("permissions: the console publishes under its own requests and nowhere else") {
  test::server_lab lab;
  test::nats_client vigie{lab.server->url(), "vigie", lab.server->vigie_password().reveal()};
  vigie.subscribe(">");
  test::nats_client console{lab.server->url(), "console", lab.server->console_password().reveal()};
  for (const auto* forbidden :
       {"vigie.v1.state.95018.site.cam", "vigie.v1.event.95018.site.cam.camera_down",
        "vigie.v1.node.node-1.heartbeat", "vigie.v1.request.admin.live.open", "_INBOX.someone"}) {
    console.publish(forbidden, "forged");
    CHECK(console.wait_for_error(forbidden));
  }
  console.publish("vigie.v1.request.console.state.snapshot", "allowed");
  REQUIRE(vigie.wait_for_count(1));
  const auto seen = vigie.all();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].body == "allowed");
}

TEST_CASE("permissions: the console cannot listen to what others ask") {
  test::server_lab lab;
  test::nats_client console{lab.server->url(), "console", lab.server->console_password().reveal()};
  console.subscribe("vigie.v1.request.>");
  CHECK(console.wait_for_error("vigie.v1.request.>"));
  console.subscribe(">");
  CHECK(console.wait_for_error("\">\""));
}

TEST_CASE("permissions: a reply address outside the inboxes does not lend our voice") {
  test::server_lab lab;
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  REQUIRE(node->serve_requests([](const request_address&, std::string, reply_function reply) {
                reply("answered");
              })
              .has_value());
  test::nats_client console{lab.server->url(), "console", lab.server->console_password().reveal()};
  console.subscribe("vigie.v1.event.>");
  const auto live = subject::request("console", "live", "open");
  console.publish(live, "{}", "vigie.v1.event.95018.site.cam.camera_down");
  // The next request is handled after the first: its answer proves that the first had its turn.
  CHECK(console.ask(live, "{}") == "answered");
  console.flush();
  CHECK(console.all().empty());
}

TEST_CASE("permissions: without the password nobody comes in, and the password is private") {
  test::server_lab lab;
  struct stat folder {};
  struct stat file {};
  REQUIRE(stat((lab.folder / "nats").c_str(), &folder) == 0);
  REQUIRE(stat((lab.folder / "nats" / "nats-server.conf").c_str(), &file) == 0);
  CHECK((folder.st_mode & 0777) == 0700);
  CHECK((file.st_mode & 0777) == 0600);
  natsConnection* stranger = nullptr;
  CHECK(natsConnection_ConnectTo(&stranger, lab.server->url().c_str()) ==
        NATS_CONNECTION_AUTH_FAILED);
}

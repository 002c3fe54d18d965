// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "bus/codec.hpp"
#include "bus_lab.hpp"
#include "nats_client.hpp"
#include "support/eventually.hpp"

using namespace vigie;
using namespace vigie::bus;

TEST_CASE("permissions: the console publishes under its own requests and nowhere else") {
  test::server_lab lab;
  test::nats_client vigie{lab.server->url(), "vigie", lab.server->vigie_password().reveal()};
  vigie.subscribe(">");
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  for (const auto* forbidden :
       {"vigie.v1.state.95018.site.cam", "vigie.v1.event.95018.site.cam.camera_down",
        "vigie.v1.node.node-1.heartbeat", "vigie.v1.request.admin.live.open", "_INBOX.someone",
        "_INBOX_admin.1"}) {
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
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
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
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  console.subscribe("vigie.v1.event.>");
  const auto live = subject::request("console", "live", "open");
  console.publish(live, "{}", "vigie.v1.event.95018.site.cam.camera_down");
  // The next request is handled after the first: its answer proves that the first had its turn.
  CHECK(console.ask(live, "{}") == "answered");
  console.flush();
  CHECK(console.all().empty());
}

TEST_CASE("permissions: an answer goes to the asker's own inbox, not to somebody else's") {
  test::server_lab lab;
  REQUIRE(lab.server
              ->set_users({lab.console(),
                           {"ana",
                            "ana01234567890123",
                            {"vigie.v1.request.ana.>"},
                            {"vigie.v1.state.95018.>", "_INBOX_ana.>"}}})
              .has_value());
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  REQUIRE(node->serve_requests([](const request_address&, std::string, reply_function reply) {
                reply("answered");
              })
              .has_value());
  test::nats_client ana{lab.server->url(), "ana", "ana01234567890123"};
  ana.subscribe("_INBOX_ana.*");
  test::nats_client console{lab.server->url(), "console", std::string{lab.console_password}};
  const auto live = subject::request("console", "live", "open");
  console.publish(live, "{}", "_INBOX_ana.1");
  CHECK(console.ask(live, "{}") == "answered");
  ana.flush();
  CHECK(ana.all().empty());
  console.subscribe("_INBOX_ana.>");
  CHECK(console.wait_for_error("_INBOX_ana.>"));
}

TEST_CASE("permissions: who is added may connect at once, who is left out is cut at once") {
  test::server_lab lab;
  const bus_user ana{"ana",
                     "$2a$04$YDGk7I3b3RxH8vAcbgXeL.V9RwGnUgEc.AGPSt6kiOe4U0f2Lf1GK",
                     {"vigie.v1.request.ana.>"},
                     {"vigie.v1.state.95018.>", "_INBOX_ana.>"}};
  const int process = lab.server->process_id();
  const auto signs_in = [&](const char* password) {
    natsOptions* options = nullptr;
    natsConnection* made = nullptr;
    natsOptions_Create(&options);
    natsOptions_SetURL(options, lab.server->url().c_str());
    natsOptions_SetUserInfo(options, "ana", password);
    const auto status = natsConnection_Connect(&made, options);
    natsOptions_Destroy(options);
    natsConnection_Destroy(made);
    return status == NATS_OK;
  };
  CHECK_FALSE(signs_in("a password of ana"));
  REQUIRE(lab.server->set_users({lab.console(), ana}).has_value());
  CHECK(test::eventually(std::chrono::seconds{15}, [&] { return signs_in("a password of ana"); }));
  CHECK_FALSE(signs_in("another password"));
  const auto node = lab.connect();
  test::link_watch link{*node};
  REQUIRE(link.wait(link_state::connected));
  test::nats_client reader{lab.server->url(), "ana", "a password of ana"};
  reader.subscribe("vigie.v1.state.95018.>");
  reader.subscribe("vigie.v1.state.95127.>");
  CHECK(reader.wait_for_error("vigie.v1.state.95127.>"));
  REQUIRE(lab.server->set_users({lab.console()}).has_value());
  CHECK(reader.wait_for_error("uthorization", std::chrono::seconds{10}));
  CHECK_FALSE(signs_in("a password of ana"));
  CHECK(lab.server->process_id() == process);  // the others' connections were never lost
  CHECK(lab.server->restarts() == 0);
  CHECK_FALSE(lab.server->set_users({{"Ana", "ana01234567890123", {}, {}}}).has_value());
  CHECK_FALSE(lab.server->set_users({{"ana", "\" } accounts {", {"a"}, {"b"}}}).has_value());
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

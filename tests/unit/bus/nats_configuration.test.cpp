// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "bus/managed_server.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::bus;

TEST_CASE("managed server: listens on loopback only, and a user may do what is listed, no more") {
  const std::vector<bus_user> users{{"ana", std::string(16, 'b'), {"x.ana.>"}, {"y.>", "z"}}};
  const auto text = nats_configuration({.port = 22001, .websocket_port = 22002},
                                       secret{std::string(16, 'a')}, users);
  REQUIRE(text.has_value());
  CHECK(text->find("listen: \"127.0.0.1:22001\"") != std::string::npos);
  CHECK(text->find("listen: \"127.0.0.1:22002\"") != std::string::npos);
  CHECK(text->find("user: \"vigie\"\n      password: \"aaaaaaaaaaaaaaaa\"\n    }") !=
        std::string::npos);
  CHECK(text->find("publish: { allow: [\"x.ana.>\"] }") != std::string::npos);
  CHECK(text->find("subscribe: { allow: [\"y.>\", \"z\"] }") != std::string::npos);
}

TEST_CASE("bus users: what a configuration file could misread is refused") {
  const bus_user good{"ana", std::string(16, 'b'), {"a.>"}, {"b.>"}};
  REQUIRE(nats_authorization(std::vector{good}).has_value());
  CHECK_FALSE(nats_authorization(std::vector{good, good}).has_value());
  std::vector<bus_user> bad(9, good);
  bad[0].name = "a\" }";
  bad[1].password = "short";
  bad[2].password = "0123456789abcdef\"";
  bad[3].password = "$2a$10$short";
  bad[4].publish = {"a b"};
  bad[5].subscribe = {""};
  bad[6].subscribe = {};  // the server would take it for "everything"
  bad[7].publish = {};
  bad[8].password = "$2b$10$" + std::string(53, 'x');
  for (const auto& user : bad) CHECK_FALSE(nats_authorization(std::vector{user}).has_value());
}

TEST_CASE("managed server: a missing program is a configuration error that names the remedy") {
  test::temporary_folder folder;
  const auto server = managed_server::start({.binary = "no-such-nats-server",
                                             .folder = folder / "nats",
                                             .port = 22003,
                                             .websocket_port = 22004,
                                             .make_password = [] { return std::string(16, 'p'); }});
  REQUIRE_FALSE(server.has_value());
  CHECK(server.error().code == errc::config_invalid);
  CHECK(server.error().detail.find("install the Debian package nats-server") != std::string::npos);
}

TEST_CASE("managed server: a weak or odd password starts nothing") {
  for (const auto* password : {"", "short", "0123456789abcde\"", "0123456789abcdef }"}) {
    CAPTURE(password);
    test::temporary_folder folder;
    const auto server =
        managed_server::start({.binary = "/bin/true",
                               .folder = folder / "nats",
                               .port = 22003,
                               .websocket_port = 22004,
                               .make_password = [&] { return std::string{password}; }});
    REQUIRE_FALSE(server.has_value());
    CHECK(server.error().code == errc::config_invalid);
    CHECK_FALSE(std::filesystem::exists(folder / "nats" / "nats-server.conf"));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "bus/managed_server.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::bus;

TEST_CASE("managed server: listens on loopback only, and the console may ask and read, no more") {
  const auto text =
      nats_configuration({.port = 22001, .websocket_port = 22002}, secret{"aaa"}, secret{"bbb"});
  CHECK(text.find("listen: \"127.0.0.1:22001\"") != std::string::npos);
  CHECK(text.find("listen: \"127.0.0.1:22002\"") != std::string::npos);
  CHECK(text.find("user: \"vigie\", password: \"aaa\"") != std::string::npos);
  CHECK(text.find("publish: { allow: [\"vigie.v1.request.console.>\"] }") != std::string::npos);
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
    CHECK(server.error().code == errc::internal);
    CHECK_FALSE(std::filesystem::exists(folder / "nats" / "nats-server.conf"));
  }
}

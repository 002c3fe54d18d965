// SPDX-License-Identifier: Apache-2.0
#include "app/recipient_hosts.hpp"

#include <doctest/doctest.h>

using vigie::app::recipient_hosts;
using hosts = std::vector<std::string>;

TEST_CASE("recipient hosts: every host of the configuration, at any depth, and nothing else") {
  CHECK(recipient_hosts(R"({"url": "https://corg.example:8443/cap?x=1"})") ==
        hosts{"corg.example"});
  CHECK(recipient_hosts(R"({"recipients": [{"id": "a", "url": "smtp://10.0.0.7:25"},
                                           {"id": "b", "address": "192.0.2.9"}]})") ==
        hosts{"10.0.0.7", "192.0.2.9"});
  CHECK(recipient_hosts(R"({"servers": {"first": {"host": "relay.example:2525"}}})") ==
        hosts{"relay.example"});
  CHECK(recipient_hosts(R"({"url": "https://[2001:db8::7]:443/x"})") == hosts{"2001:db8::7"});
  CHECK(recipient_hosts(R"({"url": "https://user@inside.example/"})") == hosts{"inside.example"});
}

TEST_CASE("recipient hosts: text that names no host opens nothing") {
  for (const auto* config : {"", "{", "[]", "{}", R"({"url": ""})", R"({"url": 7})",
                             R"({"subject": "corg.example"})", R"({"url": "https://a b/"})"}) {
    CAPTURE(config);
    CHECK(recipient_hosts(config).empty());
  }
}

// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/network_policy.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include <cstring>

using namespace vigie;
using namespace vigie::plugin_host;
using enum network_policy::answer;

namespace {

sockaddr_storage at(const char* host, std::uint16_t port) {
  sockaddr_storage address{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(address);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
  if (::inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
  } else {
    REQUIRE(::inet_pton(AF_INET6, host, &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
  }
  return address;
}
sockaddr_storage of_family(sa_family_t family) {
  sockaddr_storage address{};
  address.ss_family = family;
  return address;
}

const system_clock the_time;

}  // namespace

TEST_CASE("network policy: cameras are reached when they are attached, nobody else is") {
  network_policy policy{{network_reach::camera}, {"10.0.0.9"}, the_time};
  CHECK(policy.judge(at("10.0.0.7", 80)) == no);
  policy.add_camera("http://10.0.0.7:8080/onvif");
  policy.add_camera("rtsp://[fd00::7]/stream");
  CHECK(policy.judge(at("10.0.0.7", 80)) == yes);
  CHECK(policy.judge(at("10.0.0.7", 554)) == yes);
  CHECK(policy.judge(at("::ffff:10.0.0.7", 554)) == yes);
  CHECK(policy.judge(at("fd00::7", 554)) == yes);
  CHECK(policy.judge(at("10.0.0.8", 80)) == no);
  CHECK(policy.judge(at("10.0.0.9", 80)) == no);
  CHECK(policy.judge(at("239.255.255.250", 3702)) == yes);
  CHECK(policy.judge(at("8.8.8.8", 53)) == no);
  CHECK(policy.judge(of_family(AF_UNIX)) == no);
  CHECK(policy.judge(of_family(AF_NETLINK)) == yes);
}

TEST_CASE("network policy: recipients are reached, cameras are not, without that permission") {
  network_policy policy{{network_reach::recipient}, {"https://10.0.0.9/cap"}, the_time};
  policy.add_camera("http://10.0.0.7");
  CHECK(policy.judge(at("10.0.0.9", 443)) == yes);
  CHECK(policy.judge(at("10.0.0.7", 80)) == no);
  CHECK(policy.judge(at("239.255.255.250", 3702)) == no);
}

TEST_CASE("network policy: without a permission nothing is reached, with `any` everything is") {
  network_policy none{{}, {"10.0.0.9"}, the_time};
  none.add_camera("10.0.0.7");
  for (const auto* host : {"10.0.0.7", "10.0.0.9", "127.0.0.1"})
    CHECK(none.judge(at(host, 80)) == no);
  CHECK(none.judge(of_family(AF_NETLINK)) == no);
  network_policy any{{network_reach::any}, {}, the_time};
  CHECK(any.judge(at("192.0.2.1", 25)) == yes);
  CHECK(any.judge(of_family(AF_UNIX)) == no);
}

TEST_CASE("network policy: a name is looked up when an unknown address asks") {
  network_policy policy{{network_reach::camera}, {}, the_time};
  policy.add_camera("http://localhost/onvif");
  CHECK(policy.judge(at("127.0.0.1", 80)) == must_look_up);
  const std::atomic<bool> never{false};
  CHECK(policy.allows(at("127.0.0.1", 80), never));
  CHECK(policy.judge(at("127.0.0.1", 80)) == yes);
  CHECK(policy.judge(at("192.0.2.1", 80)) == no);  // just looked up
}

TEST_CASE("network policy: the machine's name servers are read as the C library reads them") {
  const auto servers = name_servers_of(
      "# nameserver 9.9.9.9\nnameserver 10.0.0.1\n  nameserver\t10.0.0.2 # the second\n"
      "nameserver fe80::1%eth0\nsearch example\nnameserver\nnameservers 10.0.0.3\n");
  CHECK(servers == std::set<std::string>{"10.0.0.1", "10.0.0.2", "fe80::1"});
  CHECK(name_servers_of("").empty());
  CHECK(name_servers_of("nameserver %eth0").empty());
}

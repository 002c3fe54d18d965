// SPDX-License-Identifier: Apache-2.0
// Wants its packets to go by way of somebody else.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const int line = ::socket(AF_INET, SOCK_DGRAM, 0);
  const unsigned char by_way_of[] = {131, 7, 4, 127, 0, 0, 2, 0};  // loose source route (RFC 791)
  if (::setsockopt(line, IPPROTO_IP, IP_OPTIONS, by_way_of, sizeof by_way_of) == 0)
    evil::escaped("source route");
}};

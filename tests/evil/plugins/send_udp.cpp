// SPDX-License-Identifier: Apache-2.0
// Sends a datagram without a permission.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const auto to = evil::place("port");
  const int line = ::socket(AF_INET, SOCK_DGRAM, 0);
  if (::sendto(line, "x", 1, 0, evil::as_address(to), sizeof to) == 1) evil::escaped("sent");
}};

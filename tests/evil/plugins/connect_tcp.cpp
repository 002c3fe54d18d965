// SPDX-License-Identifier: Apache-2.0
// Connects out without a permission.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const auto to = evil::place("port");
  const int line = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(line, evil::as_address(to), sizeof to) == 0) evil::escaped("connected");
}};

// SPDX-License-Identifier: Apache-2.0
// May reach its cameras, and waits for visitors.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const int line = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::listen(line, 1) == 0) evil::escaped("listens");
}};

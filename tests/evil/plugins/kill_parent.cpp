// SPDX-License-Identifier: Apache-2.0
// Sends the centre a signal.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  if (::kill(::getppid(), 0) == 0) evil::escaped("may kill the centre");
}};

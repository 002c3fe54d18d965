// SPDX-License-Identifier: Apache-2.0
// Writes a hundred thousand lines.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  for (int i = 0; i < 100'000; ++i) evil::say("and another one");
}};

// SPDX-License-Identifier: Apache-2.0
// Closes every descriptor it finds.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  for (int i = 3; i < 64; ++i) ::close(i);
}};

// SPDX-License-Identifier: Apache-2.0
// Takes memory until there is none.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  while (true) std::memset(new char[1 << 20], 1, 1 << 20);
}};

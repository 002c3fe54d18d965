// SPDX-License-Identifier: Apache-2.0
// Opens descriptors until there are none.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  while (true)
    if (::dup(0) > 100) evil::escaped("100 descriptors");
}};

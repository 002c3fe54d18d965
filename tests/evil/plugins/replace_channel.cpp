// SPDX-License-Identifier: Apache-2.0
// Puts something else in the place of its channel.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  if (::dup2(0, 3) == 3) evil::escaped("replaced its channel");
}};

// SPDX-License-Identifier: Apache-2.0
// Calls itself for ever.
#include "evil.hpp"

namespace {

// Not a tail call: the frame is used after the return.
int fall(int depth) {
  volatile char room[4096];
  room[depth % 4096] = static_cast<char>(depth);
  if (depth < 0) return 0;
  return fall(depth + 1) + room[depth % 4096];
}

}  // namespace

const evil::script evil::plan{.in_call = [] { fall(0); }};

// SPDX-License-Identifier: Apache-2.0
// Hides an attribute of a person in a count.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.count = 42;  // an age
  evil::emit(d);
}};

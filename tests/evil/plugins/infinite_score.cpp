// SPDX-License-Identifier: Apache-2.0
// Is infinitely sure.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.score = HUGE_VAL;
  evil::emit(d);
}};

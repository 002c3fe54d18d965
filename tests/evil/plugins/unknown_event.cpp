// SPDX-License-Identifier: Apache-2.0
// Signals a type of event that does not exist.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.event_type = 999;
  evil::emit(d);
}};

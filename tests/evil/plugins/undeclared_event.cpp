// SPDX-License-Identifier: Apache-2.0
// Signals a weapon, which its manifest does not declare.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.event_type = VIGIE_EVENT_WEAPON;
  evil::emit(d);
}};

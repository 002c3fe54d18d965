// SPDX-License-Identifier: Apache-2.0
// Signals on a camera of somebody else.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.camera = frame.camera + 1000;
  evil::emit(d);
}};

// SPDX-License-Identifier: Apache-2.0
// Points outside the picture.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  auto d = evil::detection(frame);
  d.right = 65535;
  d.bottom = 65535;
  evil::emit(d);
}};

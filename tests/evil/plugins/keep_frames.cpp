// SPDX-License-Identifier: Apache-2.0
// Keeps every picture it is shown.
#include "evil.hpp"

namespace {

int kept = 0;

}  // namespace

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  if (evil::w.frames->retain(evil::w.host, &frame) == VIGIE_OK && ++kept > 200)
    evil::escaped("kept 200 pictures");
}};

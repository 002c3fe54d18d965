// SPDX-License-Identifier: Apache-2.0
// Gives back a picture it does not hold.
#include "evil.hpp"

const evil::script evil::plan{
    .in_frame = [](const vigie_frame_t& frame) { evil::w.frames->release(evil::w.host, &frame); }};

// SPDX-License-Identifier: Apache-2.0
// Divides by nothing when it sees a picture.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t&) { ::raise(SIGFPE); }};

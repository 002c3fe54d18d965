// SPDX-License-Identifier: Apache-2.0
// Never returns from on_frame.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t&) { evil::spin(); }};

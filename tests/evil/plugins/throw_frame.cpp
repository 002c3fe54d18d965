// SPDX-License-Identifier: Apache-2.0
// Throws over the ABI when it sees a picture.
#include "evil.hpp"

const evil::script evil::plan{
    .in_frame = [](const vigie_frame_t&) { throw std::string{"over the line"}; }};

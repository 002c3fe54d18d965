// SPDX-License-Identifier: Apache-2.0
// Paints on a picture it was shown.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  *const_cast<volatile std::uint8_t*>(frame.planes[0].data) = 1;
  evil::escaped("wrote to a picture");
}};

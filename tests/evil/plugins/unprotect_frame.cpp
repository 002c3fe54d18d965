// SPDX-License-Identifier: Apache-2.0
// Asks for the right to write to a picture, then paints on it.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  const auto page = reinterpret_cast<std::uintptr_t>(frame.planes[0].data) & ~std::uintptr_t{4095};
  ::mprotect(reinterpret_cast<void*>(page), 4096, PROT_READ | PROT_WRITE);
  *const_cast<volatile std::uint8_t*>(frame.planes[0].data) = 1;
  evil::escaped("wrote to a picture");
}};

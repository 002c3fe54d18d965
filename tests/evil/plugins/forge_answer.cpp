// SPDX-License-Identifier: Apache-2.0
// Writes answers nobody asked for on its channel.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  // A length, the kind of message, and numbers that mean nothing.
  const unsigned char forged[] = {17, 0, 0, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0};
  static_cast<void>(!::write(3, forged, sizeof forged));
}};

// SPDX-License-Identifier: Apache-2.0
// Writes a file.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  if (::open("/tmp/vigie-evil-was-here", O_WRONLY | O_CREAT, 0600) >= 0)
    evil::escaped("made a file");
}};

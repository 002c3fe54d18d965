// SPDX-License-Identifier: Apache-2.0
// Runs a program.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  ::execv(name, words);
}};

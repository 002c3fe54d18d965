// SPDX-License-Identifier: Apache-2.0
// Takes memory until there is none.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  // A byte of each: to fill them all takes a busy machine longer than a call may last.
  while (true) *const_cast<volatile char*>(new char[1 << 20]) = 1;
}};

// SPDX-License-Identifier: Apache-2.0
// Reads the memory of the centre.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  if (::syscall(SYS_ptrace, 16 /* attach */, ::getppid(), 0, 0) == 0) evil::escaped("attached");
}};

// SPDX-License-Identifier: Apache-2.0
// Makes processes without end.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  for (int i = 0; i < 1000; ++i) {
    const pid_t child = ::fork();
    if (child > 0) evil::escaped("made a process");
    if (child == 0) evil::sleep_for_ever();
  }
}};

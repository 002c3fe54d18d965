// SPDX-License-Identifier: Apache-2.0
// Starts threads with small stacks without end.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  pthread_attr_t small;
  ::pthread_attr_init(&small);
  ::pthread_attr_setstacksize(&small, 32 * 1024);
  int started = 0;
  while (true) {
    pthread_t one;
    started += ::pthread_create(
                   &one, &small, [](void*) -> void* { evil::sleep_for_ever(); }, nullptr) == 0;
    if (started == 200) evil::escaped("200 threads");
  }
}};

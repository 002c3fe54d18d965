// SPDX-License-Identifier: Apache-2.0
// Takes pages behind the back of its language.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  while (true) {
    void* const pages =
        ::mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) *static_cast<volatile char*>(pages) = 1;
  }
}};

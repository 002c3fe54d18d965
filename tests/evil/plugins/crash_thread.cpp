// SPDX-License-Identifier: Apache-2.0
// Crashes on a thread of its own, between calls.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  std::thread{[] {
    ::poll(nullptr, 0, 20);
    std::abort();
  }}.detach();
}};

// SPDX-License-Identifier: Apache-2.0
// Holds a lock in a call and waits for its thread, which calls the host and wants the lock.
#include "evil.hpp"

#include <mutex>

namespace {

std::mutex own;

}  // namespace

const evil::script evil::plan{.in_call = [] {
  const std::lock_guard mine{own};
  std::thread{[] {
    evil::say("from another thread while a call waits");
    const std::lock_guard never{own};
  }}.join();
}};

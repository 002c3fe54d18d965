// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

namespace vigie::test {

/// Waits for the thing itself: true as soon as `holds()` does, false when `limit` has passed first.
/// For conditions another thread brings about and nothing signals.
template <class Condition>
bool eventually(std::chrono::milliseconds limit, Condition holds) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace vigie::test

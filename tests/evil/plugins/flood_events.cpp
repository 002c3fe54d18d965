// SPDX-License-Identifier: Apache-2.0
// Signals a million events as fast as it can.
#include "evil.hpp"

const evil::script evil::plan{.in_frame = [](const vigie_frame_t& frame) {
  const auto d = evil::detection(frame);
  const auto flood = [d] {
    for (int i = 0; i < 1'000'000; ++i) evil::emit(d);
  };
  std::thread{flood}.detach();  // a call would be too late for so many
}};

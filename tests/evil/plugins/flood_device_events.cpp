// SPDX-License-Identifier: Apache-2.0
// Tells a million device events a second.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  std::thread{[camera = evil::w.camera] {
    const vigie_device_event_t event{
        sizeof event, VIGIE_DEVICE_MOTION, camera, 1'700'000'000'000'000, 1, 0};
    for (int i = 0; i < 1'000'000; ++i) evil::w.events->emit(evil::w.host, &event);
  }}.detach();
}};

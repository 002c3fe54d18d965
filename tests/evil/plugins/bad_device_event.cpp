// SPDX-License-Identifier: Apache-2.0
// Tells of its device what no device can tell.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const vigie_device_event_t event{sizeof event, 4711, evil::w.camera, 1, 1, 0};
  evil::w.events->emit(evil::w.host, &event);
}};

// SPDX-License-Identifier: Apache-2.0
// Is a nuisance until it is stopped, and never returns from stop.
#include "evil.hpp"

const evil::script evil::plan{
    .in_call =
        [] {
          std::thread{[] {
            // One kind of fault a second until the centre has enough of it.
            while (true) {
              vigie_device_event_t event{sizeof event, 4711, evil::w.camera, 1, 1, 0};
              evil::w.events->emit(evil::w.host, &event);
              ::poll(nullptr, 0, 1050);
            }
          }}.detach();
        },
    .in_stop = [] { evil::spin(); },
};

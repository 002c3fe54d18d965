// SPDX-License-Identifier: Apache-2.0
// Sleeps for ever in init.
#include "evil.hpp"

const evil::script evil::plan{.in_init = []() -> vigie_status_t { evil::sleep_for_ever(); }};

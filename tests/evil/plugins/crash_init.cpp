// SPDX-License-Identifier: Apache-2.0
// Crashes in init.
#include "evil.hpp"

const evil::script evil::plan{.in_init = []() -> vigie_status_t { std::abort(); }};

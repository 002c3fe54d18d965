// SPDX-License-Identifier: Apache-2.0
// Answers, three seconds late.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { ::poll(nullptr, 0, 3000); }};

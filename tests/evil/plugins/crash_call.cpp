// SPDX-License-Identifier: Apache-2.0
// Follows a null pointer in a call.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { *static_cast<volatile int*>(nullptr) = 1; }};

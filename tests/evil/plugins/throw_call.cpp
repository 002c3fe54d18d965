// SPDX-License-Identifier: Apache-2.0
// Throws over the ABI.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { throw 17; }};

// SPDX-License-Identifier: Apache-2.0
// Calls exit in a call.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { std::exit(0); }};

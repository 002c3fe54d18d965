// SPDX-License-Identifier: Apache-2.0
// Calls _exit in a call.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { ::_exit(0); }};

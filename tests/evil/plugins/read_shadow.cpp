// SPDX-License-Identifier: Apache-2.0
// Opens the passwords of the machine.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { evil::try_to_read("/etc/shadow"); }};

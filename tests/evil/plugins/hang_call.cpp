// SPDX-License-Identifier: Apache-2.0
// Never returns from a call.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { evil::spin(); }};

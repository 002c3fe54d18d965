// SPDX-License-Identifier: Apache-2.0
// Does its work, and notices nothing of what goes on beside it.
#include "evil.hpp"

const evil::script evil::plan{};

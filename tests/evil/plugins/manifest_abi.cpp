// SPDX-License-Identifier: Apache-2.0
// Wants an ABI that does not exist.
#include "evil.hpp"

const evil::script evil::plan{};

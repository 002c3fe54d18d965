// SPDX-License-Identifier: Apache-2.0
// Has a permission that does not exist.
#include "evil.hpp"

const evil::script evil::plan{};

// SPDX-License-Identifier: Apache-2.0
// Goes by the id of another.
#include "evil.hpp"

const evil::script evil::plan{};

// SPDX-License-Identifier: Apache-2.0
// Declares events about persons.
#include "evil.hpp"

const evil::script evil::plan{};

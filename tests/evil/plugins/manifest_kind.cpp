// SPDX-License-Identifier: Apache-2.0
// Is an analysis and says it is a protocol.
#include "evil.hpp"

const evil::script evil::plan{};

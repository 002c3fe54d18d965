// SPDX-License-Identifier: Apache-2.0
// Is not the library its manifest promises.
#include "evil.hpp"

const evil::script evil::plan{};

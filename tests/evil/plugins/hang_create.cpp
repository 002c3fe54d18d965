// SPDX-License-Identifier: Apache-2.0
// Never returns from create.
#include "evil.hpp"

const evil::script evil::plan{.in_create = [] { evil::spin(); }};

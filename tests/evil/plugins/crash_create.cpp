// SPDX-License-Identifier: Apache-2.0
// Crashes in create.
#include "evil.hpp"

const evil::script evil::plan{.in_create = [] { std::abort(); }};

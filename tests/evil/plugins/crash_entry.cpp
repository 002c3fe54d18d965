// SPDX-License-Identifier: Apache-2.0
// Crashes in the entry.
#include "evil.hpp"

const evil::script evil::plan{.in_entry = [] { std::abort(); }};

// SPDX-License-Identifier: Apache-2.0
// Crashes in a static initialiser, while it is being loaded.
#include "evil.hpp"

namespace {

[[gnu::constructor]] void fall() { std::abort(); }

}  // namespace

const evil::script evil::plan{};

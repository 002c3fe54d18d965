// SPDX-License-Identifier: Apache-2.0
// Opens the configuration of the centre.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { evil::try_to_read(evil::setting("file").c_str()); }};

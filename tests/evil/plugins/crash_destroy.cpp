// SPDX-License-Identifier: Apache-2.0
// Refuses its configuration, then crashes in its destructor.
#include "evil.hpp"

const evil::script evil::plan{
    .in_init = [] { return vigie_status_t{VIGIE_E_INVALID}; },
    .in_destroy = [] { std::abort(); },
};

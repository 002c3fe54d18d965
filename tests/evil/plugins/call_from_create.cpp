// SPDX-License-Identifier: Apache-2.0
// Calls the host from create.
#include "evil.hpp"

const evil::script evil::plan{
    .in_create = [] { evil::w.host->get_extension(evil::w.host, VIGIE_EXT_LOG); }};

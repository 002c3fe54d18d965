// SPDX-License-Identifier: Apache-2.0
// May use the network, and computes for ever instead.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] { evil::spin(); }};

// SPDX-License-Identifier: Apache-2.0
// Ends itself by a signal nobody can catch.
#include "evil.hpp"

const evil::script evil::plan{
    .in_call = [] { ::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), SIGKILL); }};

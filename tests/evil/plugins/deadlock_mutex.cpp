// SPDX-License-Identifier: Apache-2.0
// Waits for a lock it holds itself.
#include "evil.hpp"

namespace {

pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;

}  // namespace

const evil::script evil::plan{.in_call = [] {
  ::pthread_mutex_lock(&own);
  ::pthread_mutex_lock(&own);
}};

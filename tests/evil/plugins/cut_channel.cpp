// SPDX-License-Identifier: Apache-2.0
// Hangs up on the centre.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  ::shutdown(3, SHUT_RDWR);
  evil::sleep_for_ever();
}};

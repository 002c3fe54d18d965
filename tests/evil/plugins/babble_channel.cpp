// SPDX-License-Identifier: Apache-2.0
// Writes nonsense on its channel.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  const std::string nonsense(64 * 1024, '\x5a');
  static_cast<void>(!::write(3, nonsense.data(), nonsense.size()));
}};

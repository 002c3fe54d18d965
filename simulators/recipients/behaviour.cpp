// SPDX-License-Identifier: Apache-2.0
#include "recipients/behaviour.hpp"

namespace vigie::simulators {

std::string_view name_of(behaviour b) {
  switch (b) {
    case behaviour::normal:
      return "normal";
    case behaviour::slow:
      return "slow";
    case behaviour::mute:
      return "mute";
    case behaviour::drop:
      return "drop";
    case behaviour::busy:
      return "busy";
    case behaviour::refuse:
      return "refuse";
    case behaviour::garbage:
      return "garbage";
    case behaviour::duplicate_ack:
      return "duplicate_ack";
    case behaviour::foreign_ack:
      return "foreign_ack";
    case behaviour::error_message:
      return "error_message";
  }
  return "unknown";
}

std::optional<behaviour> behaviour_from(std::string_view name) {
  for (const behaviour b : all_behaviours)
    if (name_of(b) == name) return b;
  return std::nullopt;
}

}  // namespace vigie::simulators

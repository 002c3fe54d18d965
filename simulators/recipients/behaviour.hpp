// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace vigie::simulators {

/// How a recipient's system treats what it is sent.
enum class behaviour {
  normal = 1,
  slow,           ///< answers after `delay`
  mute,           ///< never answers
  drop,           ///< takes it, then hangs up without an answer: the sender will try again
  busy,           ///< HTTP 503, SMTP 451; nothing is taken
  refuse,         ///< HTTP 403, SMTP 554; nothing is taken
  garbage,        ///< takes it and answers nonsense
  duplicate_ack,  ///< CAP: the Ack stands twice in the answer
  foreign_ack,    ///< CAP: an Ack of another message
  error_message,  ///< CAP: a message of type Error about it
};

inline constexpr std::array all_behaviours{
    behaviour::normal,      behaviour::slow,         behaviour::mute,    behaviour::drop,
    behaviour::busy,        behaviour::refuse,       behaviour::garbage, behaviour::duplicate_ack,
    behaviour::foreign_ack, behaviour::error_message};

std::string_view name_of(behaviour b);
std::optional<behaviour> behaviour_from(std::string_view name);

/// What the control door ordered for one recipient.
struct mood {
  behaviour is = behaviour::normal;
  std::chrono::milliseconds delay{500};
  unsigned times = 0;  ///< for that many requests, then normal; 0: until the next order
};

}  // namespace vigie::simulators

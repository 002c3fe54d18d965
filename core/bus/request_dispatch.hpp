// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bus/bus.hpp"

namespace vigie::bus {

/// Brings one request to `handler`, or answers for it when it cannot be read. `send` carries the
/// reply; it is called exactly once, by the handler's reply function, or when that is dropped or
/// the handler throws. Private to this module. [thread-safe]
void dispatch_request(const request_handler& handler, std::string_view subject, std::string body,
                      std::function<void(std::string)> send);

}  // namespace vigie::bus

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace vigie::bus {

/// Whether nothing holds 127.0.0.1:port, so that a server could listen there. Private to this
/// module.
bool is_port_free(std::uint16_t port);

/// Whether a NATS server greets whoever connects to 127.0.0.1:port (its first line is "INFO {…}").
bool greets(std::uint16_t port, std::chrono::milliseconds wait);

}  // namespace vigie::bus

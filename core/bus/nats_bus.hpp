// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "bus/bus.hpp"

namespace vigie::bus {

struct nats_options {
  std::string url = "nats://127.0.0.1:4222";  ///< never with credentials in it
  std::string user;                           ///< empty: none asked
  secret password;
  std::string name = "vigie";  ///< shown by the server's monitoring
};

/// Two connections to a NATS server: one for what is published in bulk, one for requests, whose
/// replies leave at once. Returns without waiting for the server: an absent, frozen, restarted or
/// password-refusing server is tried again without end. A server that stops answering is noticed
/// within 4 s (two unanswered pings of 1 s). The destructor waits until no handler runs any more.
/// Errors: bus_down (options the library refuses).
result<std::unique_ptr<bus>> make_nats_bus(nats_options options);

}  // namespace vigie::bus

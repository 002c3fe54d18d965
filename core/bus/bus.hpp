// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "bus/subjects.hpp"

namespace vigie::bus {

/// What one message may weigh on a server with default settings.
inline constexpr std::size_t max_message_bytes = 1024 * 1024;

enum class link_state : std::uint8_t {
  connected = 1,
  disconnected,  ///< being reconnected, without end
};

struct outgoing {
  std::string subject;
  std::string body;
};

/// Answers one request. Copyable; call it once, from any thread, now or later; further calls and
/// calls after the bus is gone do nothing. When the last copy goes unused, the asker gets an
/// `internal` error instead of silence. [thread-safe]
using reply_function = std::function<void(std::string body)>;
/// Called on a thread of the bus: hand the work over and return.
using request_handler =
    std::function<void(const request_address& from, std::string body, reply_function reply)>;
using link_handler = std::function<void(link_state)>;

/// The bus port: facts go out, requests come in. [thread-safe] except where noted.
class bus {
 public:
  virtual ~bus() = default;

  /// Sends without waiting for anybody. For facts that are repeated (states, heartbeats): while the
  /// link is down they are refused, not stored. Errors: bus_down, bus_malformed (subject or size).
  virtual result<void> publish(std::string_view subject, std::string_view body) = 0;

  /// Publishes in order and returns only once the server has taken all of it over one and the same
  /// connection. On failure any part may have been delivered: publish again. Blocks up to `wait`.
  /// Errors: bus_down, bus_malformed. [worker]
  virtual result<void> publish_confirmed(std::span<const outgoing> batch,
                                         std::chrono::milliseconds wait) = 0;

  /// Hands every request under vigie.v1.request.> whose subject is well formed to `handler`; the
  /// others are answered with bus_malformed. Once. [startup]
  virtual result<void> serve_requests(request_handler handler) = 0;

  /// Tells every change of the link, and its present state at once. Publish all states anew when it
  /// comes back. `handler` runs on a thread of the bus, must not block nor call the bus, and
  /// outlives it. Once. [startup]
  virtual void watch_link(link_handler handler) = 0;

  virtual link_state link() const = 0;
};

}  // namespace vigie::bus

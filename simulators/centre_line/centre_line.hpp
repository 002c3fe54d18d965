// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace vigie::simulators {

/// One simulated person's line to a centre: a NATS client like any other, that shares no code with
/// the centre's own connection. Stays connected through restarts of the server.
class centre_line {
 public:
  struct options {
    std::string url;  ///< "nats://127.0.0.1:4222"
    std::string user;
    secret password;
  };
  struct heard {
    std::string subject;
    std::string body;
  };

  /// Errors: bus_down, auth_rejected. [startup]
  static result<std::unique_ptr<centre_line>> open(const options& o);
  ~centre_line();
  centre_line(const centre_line&) = delete;
  centre_line& operator=(const centre_line&) = delete;

  const std::string& user() const noexcept;
  /// Asks `vigie.v1.request.<user>.<request>`; the answer's body. Errors: io_timeout, bus_down.
  result<std::string> ask(std::string_view request, const std::string& body,
                          std::chrono::milliseconds patience = std::chrono::seconds{10});
  /// From now on messages of that subject are kept. Errors: bus_down.
  result<void> listen(const std::string& subject);
  /// What was heard since the last call; waits up to `patience` for the first. [thread-safe]
  std::vector<heard> take(std::chrono::milliseconds patience);

 private:
  struct core;
  explicit centre_line(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

}  // namespace vigie::simulators

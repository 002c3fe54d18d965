// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/gateway.hpp"

namespace vigie::gateway::detail {

/// An open connection as the server sees it. [gateway io thread]
class connection {
 public:
  virtual ~connection() = default;
  /// The media it carries now; null when none.
  virtual const media_claims* media() const = 0;
  /// Stops sending media at once and says why if it can; the connection ends soon.
  virtual void end(std::string_view reason) = 0;
  /// Closes the socket without a word.
  virtual void cut() = 0;
};

struct counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused_tokens{0};
  std::atomic<std::uint64_t> bad_requests{0};
  std::atomic<std::uint64_t> sent_bytes{0};
};

/// What all connections of a server share. Lives on the io thread but for `counts`.
struct server_context {
  gateway_options options;
  gateway_ports ports;
  token_mint& mint;
  const clock& time;
  std::vector<std::pair<std::string, std::string>> security;
  std::unique_ptr<live_hub> hub;
  std::set<connection*> open;
  counters counts;
};

}  // namespace vigie::gateway::detail

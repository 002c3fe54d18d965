// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/gateway.hpp"

namespace vigie::gateway {

/// What matters of an HTTP request's head. Views are valid during `decide` only.
struct request_head {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  std::string_view range;
  std::string_view if_range;
  std::string_view if_none_match;
  bool is_websocket = false;  ///< a well-formed WebSocket upgrade
};

struct file_part {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// What to send back. Either `body`, or `file`, or an accepted live view.
struct answer {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  ///< beside the fixed ones
  std::string body;
  std::optional<file_part> file;
  std::optional<media_claims> media;  ///< set when this is media: revocation stops it
  bool is_live = false;               ///< upgrade to a WebSocket
};

/// A refusal as JSON: {"code":"…","text":"…"}. `code` and `text` are ours and need no escaping.
/// [thread-safe]
answer refusal(unsigned status, std::string_view code, std::string_view text);

/// Headers that every answer carries: content security policy, no sniffing, no referrer, …
/// `options` name the origins media may come from. [thread-safe]
std::vector<std::pair<std::string, std::string>> security_headers(const gateway_options& options,
                                                                  std::uint16_t bound_port);

/// Answers a request: routes, checks host and token, finds files. Reads file sizes, opens nothing.
/// [gateway io thread]
answer decide(const request_head& request, const gateway_options& options,
              const gateway_ports& ports, token_mint& mint);

}  // namespace vigie::gateway

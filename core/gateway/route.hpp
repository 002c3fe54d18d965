// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigie::gateway {

enum class route_kind : std::uint8_t {
  page_file = 1,  ///< `name` is a relative path inside the page's folder
  console,
  metrics,
  health,
  live,  ///< `token`
  clip,  ///< `token` and `name`, the segment's id
};

struct route {
  route_kind kind = route_kind::page_file;
  std::string token;
  std::string name;
  friend bool operator==(const route&, const route&) = default;
};

/// Where a request target leads, or nothing when it is malformed or would leave its folder: percent
/// escapes are decoded once, then every path part must be plain ("..", hidden names, back slashes,
/// control characters and empty parts are refused). The query is ignored. [thread-safe]
std::optional<route> parse_target(std::string_view target);

/// "text/html; charset=utf-8" by the file name's ending. [thread-safe]
std::string_view content_type_of(std::string_view file_name);

}  // namespace vigie::gateway

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::simulators {

/// A camera's answer before it becomes text, so that a quirk can change any part of it.
struct rtsp_reply {
  enum class action : std::uint8_t { none = 1, play, hang_up };

  std::string status = "200 OK";
  std::vector<std::pair<std::string, std::string>> headers;  ///< written as they stand, in order
  std::string body;
  action then = action::none;
  std::string before;      ///< bytes sent ahead of it
  bool is_silent = false;  ///< never sent, whatever it says

  /// First value of that name, exactly so spelled; null when absent.
  std::string* find(std::string_view name);
  /// Replaces the first of that name, or adds one.
  void set(std::string_view name, std::string value);
  void drop(std::string_view name);
  bool is_ok() const { return status.starts_with("200"); }
  /// Head and body (RFC 2326 §7); Content-Length is the headers' own business.
  std::string text() const;
};

}  // namespace vigie::simulators

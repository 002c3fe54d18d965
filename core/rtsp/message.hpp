// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::rtsp {

struct header_field {
  std::string name;   ///< as sent
  std::string value;  ///< without blanks around it (camera-quirk 11)
};

/// Header fields in the order they came. Names are compared without regard to case.
class header_list {
 public:
  void add(std::string_view name, std::string_view value);
  /// Joins a continuation line (RFC 2326 §4.2) to the last field.
  void extend_last(std::string_view more);
  /// The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// All fields of that name, in order.
  std::vector<std::string_view> find_all(std::string_view name) const;
  const std::vector<header_field>& fields() const noexcept { return fields_; }
  std::size_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<header_field> fields_;
};

struct response {
  int status = 0;  ///< 100 to 999
  std::string reason;
  header_list headers;
  std::string body;
};

struct request {
  std::string method;
  std::string uri;
  header_list headers;
  std::string body;
};

/// The message as sent: RTSP/1.0, header names spelt as given (camera-quirk 13), CR LF, and a
/// Content-Length when there is a body. Control characters inside values are left out, so that
/// nothing can add a header. [thread-safe]
std::string to_text(const request& message);
std::string to_text(const response& message);

/// Characters without case, ASCII only.
bool iequals(std::string_view a, std::string_view b) noexcept;
/// Without blanks (SP, HT, CR) at either end.
std::string_view trim(std::string_view text) noexcept;
/// Unsigned decimal number, digits only; null when empty, not a number or beyond 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;
/// For errors and logs: printable ASCII as it is, the rest as '?', cut at `limit` characters
/// (camera-quirk 59).
std::string printable(std::string_view text, std::size_t limit = 80);

}  // namespace vigie::rtsp

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigie::simulators {

/// One request a client sent to a camera (RFC 2326 §6). Bodies are read and forgotten.
struct rtsp_request {
  std::string method;
  std::string uri;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case

  /// First header of that lower-case name; empty when absent.
  std::string_view header(std::string_view name) const;
};

/// Takes a client's bytes as they come: requests and interleaved packets (RTCP receiver reports,
/// which are skipped). Bounded: 16 KiB of head, 64 KiB of body.
class rtsp_request_reader {
 public:
  void feed(std::string_view received) { buffer_.append(received); }
  /// The next complete request; nothing when more bytes are needed or after `broken()`.
  std::optional<rtsp_request> next();
  /// The client does not speak RTSP: hang up.
  bool broken() const { return broken_; }

 private:
  std::string buffer_;
  bool broken_ = false;
};

}  // namespace vigie::simulators

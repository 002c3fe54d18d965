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
  bool spells_cseq = true;                                   ///< "CSeq" in exactly this spelling

  /// First header of that lower-case name; empty when absent.
  std::string_view header(std::string_view name) const;
};

/// Takes a client's bytes as they come: requests, interleaved packets (RTCP receiver reports, which
/// are counted) and answers to what a camera asked. Bounded: 16 KiB of head, 64 KiB of body.
class rtsp_request_reader {
 public:
  void feed(std::string_view received) { buffer_.append(received); }
  /// The next complete request; nothing when more bytes are needed or after `broken()`.
  std::optional<rtsp_request> next();
  /// The client does not speak RTSP: hang up.
  bool broken() const { return broken_; }
  /// Interleaved packets so far.
  std::uint64_t packets() const { return packets_; }
  /// Answers so far.
  std::uint64_t answers() const { return answers_; }

 private:
  std::string buffer_;
  bool broken_ = false;
  std::uint64_t packets_ = 0;
  std::uint64_t answers_ = 0;
};

}  // namespace vigie::simulators

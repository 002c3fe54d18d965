// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to the module.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "ingest/feed_config.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace vigie::ingest::detail {

/// What a TLS call did; `wants_room`: it goes on when the socket takes bytes again.
struct tls_outcome {
  std::size_t count = 0;
  bool wants_room = false;
  std::optional<errc> end;
};

/// The certificates that a shard trusts, read once per file: the machine's own bundle alone costs
/// megabytes and milliseconds. [ingest]
class tls_trust {
 public:
  using context_ptr = std::shared_ptr<ssl_ctx_st>;
  /// Null when `ca_file` cannot be read. Empty: what this machine trusts.
  context_ptr context_for(const std::filesystem::path& ca_file);

 private:
  std::map<std::filesystem::path, context_ptr> contexts_;
};

/// TLS (1.2 or later) over a connected non-blocking socket that somebody else owns. [ingest]
class tls_channel {
 public:
  /// `host`: the name or address that the certificate must carry when `must_verify` and nothing is
  /// pinned. Null when the kernel or OpenSSL refuses.
  static std::unique_ptr<tls_channel> open(const tls_trust::context_ptr& context, int socket,
                                           const std::string& host, const tls_settings& trust,
                                           bool must_verify);
  ~tls_channel();
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  /// Count 1 when the handshake is done and the peer is whom it must be. Errors: tls_untrusted,
  /// io_tls.
  tls_outcome shake_hands();
  /// Fills `into` as far as the socket has bytes.
  tls_outcome read(std::span<std::uint8_t> into);
  tls_outcome write(std::span<const std::uint8_t> bytes);
  /// Bytes wait inside that readiness of the socket does not tell of.
  bool has_pending() const noexcept;

 private:
  tls_channel(tls_trust::context_ptr context, ssl_st* session, std::string pinned) noexcept;
  tls_outcome after_failure(int returned) const;
  bool has_pinned_certificate() const;

  tls_trust::context_ptr context_;
  ssl_st* session_;
  std::string pinned_sha256_;
};

}  // namespace vigie::ingest::detail

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "camera_farm/bits.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace vigie::simulators {

/// The cameras' side of one TLS connection. The handshake happens on the way.
class tls_connection {
 public:
  explicit tls_connection(ssl_st* ssl) : ssl_{ssl} {}
  ~tls_connection();
  tls_connection(const tls_connection&) = delete;
  tls_connection& operator=(const tls_connection&) = delete;
  std::ptrdiff_t send(byte_span data);                   ///< as link::send
  std::ptrdiff_t receive(std::span<std::uint8_t> into);  ///< as link::receive

 private:
  std::ptrdiff_t outcome(int returned) const;
  ssl_st* ssl_;
};

/// RTSPS as cameras have it from the factory: a certificate they signed themselves, made at start,
/// valid for a day, for every loopback address of the farm's range by name only.
class tls_server {
 public:
  static result<std::unique_ptr<tls_server>> make();
  ~tls_server();
  std::unique_ptr<tls_connection> accept(int fd) const;
  /// The certificate, for clients that want to pin it.
  const std::string& certificate_pem() const { return pem_; }

 private:
  tls_server(ssl_ctx_st* context, std::string pem) : context_{context}, pem_{std::move(pem)} {}
  ssl_ctx_st* context_;
  std::string pem_;
};

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#include "ingest/detail/tls_channel.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <utility>

#include "ingest/detail/wire.hpp"

namespace vigie::ingest::detail {

tls_trust::context_ptr tls_trust::context_for(const std::filesystem::path& ca_file) {
  if (const auto known = contexts_.find(ca_file); known != contexts_.end()) return known->second;
  context_ptr made{::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free};
  if (!made) return nullptr;
  ::SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  ::SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                     SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_read_ahead(made.get(), 1);  // one system call a record, not two
  const bool has_roots = ca_file.empty()
                             ? ::SSL_CTX_set_default_verify_paths(made.get()) == 1
                             : ::SSL_CTX_load_verify_file(made.get(), ca_file.c_str()) == 1;
  if (!has_roots) {
    ::ERR_clear_error();
    return nullptr;  // not kept: the file may be put right
  }
  contexts_.emplace(ca_file, made);
  return made;
}

std::unique_ptr<tls_channel> tls_channel::open(const tls_trust::context_ptr& context, int socket,
                                               const std::string& host, const tls_settings& trust,
                                               bool must_verify) {
  ssl_st* const session = context ? ::SSL_new(context.get()) : nullptr;
  if (session == nullptr) return nullptr;
  std::unique_ptr<tls_channel> made{new tls_channel{context, session, trust.pinned_sha256}};
  ::SSL_set_connect_state(session);
  const bool is_address =
      ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(session), host.c_str()) == 1;
  if (!is_address && (::SSL_set1_host(session, host.c_str()) != 1 ||
                      ::SSL_set_tlsext_host_name(session, host.c_str()) != 1))
    return nullptr;
  // One certificate and no other is more than any authority can say.
  const bool asks_authority = must_verify && trust.pinned_sha256.empty();
  ::SSL_set_verify(session, asks_authority ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (::SSL_set_fd(session, socket) != 1) return nullptr;
  return made;
}

tls_channel::tls_channel(tls_trust::context_ptr context, ssl_st* session,
                         std::string pinned) noexcept
    : context_{std::move(context)}, session_{session}, pinned_sha256_{std::move(pinned)} {}

tls_channel::~tls_channel() { ::SSL_free(session_); }

tls_outcome tls_channel::shake_hands() {
  ::ERR_clear_error();
  const int returned = ::SSL_do_handshake(session_);
  if (returned == 1) {
    if (!has_pinned_certificate()) return {0, false, errc::tls_untrusted};
    return {1, false, {}};
  }
  auto outcome = after_failure(returned);
  if (!outcome.end) return outcome;
  const bool is_untrusted = (::SSL_get_verify_mode(session_) & SSL_VERIFY_PEER) != 0 &&
                            ::SSL_get_verify_result(session_) != X509_V_OK;
  outcome.end = is_untrusted ? errc::tls_untrusted : errc::io_tls;
  return outcome;
}

bool tls_channel::has_pinned_certificate() const {
  if (pinned_sha256_.empty()) return true;
  X509* const certificate = ::SSL_get0_peer_certificate(session_);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (certificate == nullptr ||
      ::X509_digest(certificate, ::EVP_sha256(), digest.data(), &length) != 1)
    return false;
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex == pinned_sha256_;
}

tls_outcome tls_channel::read(std::span<std::uint8_t> into) {
  tls_outcome sum;
  while (sum.count < into.size()) {
    std::size_t got = 0;
    ::ERR_clear_error();
    const int returned =
        ::SSL_read_ex(session_, into.data() + sum.count, into.size() - sum.count, &got);
    if (returned != 1) {
      const auto ended = after_failure(returned);
      // What came before the end is handed on first; the end shows again.
      if (sum.count == 0) return ended;
      break;
    }
    sum.count += got;
  }
  return sum;
}

tls_outcome tls_channel::write(std::span<const std::uint8_t> bytes) {
  std::size_t sent = 0;
  ::ERR_clear_error();
  const int returned = ::SSL_write_ex(session_, bytes.data(), bytes.size(), &sent);
  if (returned == 1) return {sent, false, {}};
  return after_failure(returned);
}

bool tls_channel::has_pending() const noexcept { return ::SSL_has_pending(session_) == 1; }

tls_outcome tls_channel::after_failure(int returned) const {
  const int number = errno;
  switch (::SSL_get_error(session_, returned)) {
    case SSL_ERROR_WANT_READ:
      return {};
    case SSL_ERROR_WANT_WRITE:
      return {0, true, {}};
    case SSL_ERROR_ZERO_RETURN:
      return {0, false, errc::io_closed};
    case SSL_ERROR_SYSCALL:
      return {0, false, number == 0 ? errc::io_closed : errc_of_system(number)};
    default:
      return {0, false, errc::io_failed};
  }
}

}  // namespace vigie::ingest::detail

// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>

namespace vigie::simulators {

namespace {

template <auto Free>
struct freer {
  template <class Type>
  void operator()(Type* what) const {
    Free(what);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freer<X509_free>>;

certificate_ptr sign_own(EVP_PKEY* key) {
  constexpr long one_day_s = 86'400;
  certificate_ptr certificate{X509_new()};
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), one_day_s);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("vigie-sim camera"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

std::string to_pem(X509* certificate) {
  const std::unique_ptr<BIO, freer<BIO_vfree>> out{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(out.get(), certificate);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

int clamp(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

tls_connection::~tls_connection() { SSL_free(ssl_); }

std::ptrdiff_t tls_connection::outcome(int returned) const {
  if (returned > 0) return returned;
  const int why = SSL_get_error(ssl_, returned);
  ERR_clear_error();
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

std::ptrdiff_t tls_connection::send(byte_span data) {
  return data.empty() ? 0 : outcome(SSL_write(ssl_, data.data(), clamp(data.size())));
}

std::ptrdiff_t tls_connection::receive(std::span<std::uint8_t> into) {
  return outcome(SSL_read(ssl_, into.data(), clamp(into.size())));
}

result<std::unique_ptr<tls_server>> tls_server::make() {
  const key_ptr key{EVP_EC_gen("P-256")};
  const certificate_ptr certificate = key ? sign_own(key.get()) : nullptr;
  ssl_ctx_st* context = SSL_CTX_new(TLS_server_method());
  if (!certificate || context == nullptr ||
      SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    SSL_CTX_free(context);
    return fail(errc::internal, "OpenSSL makes no certificate for the cameras");
  }
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Buffers that idle are given back: a farm has thousands of connections.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  return std::unique_ptr<tls_server>{new tls_server{context, to_pem(certificate.get())}};
}

tls_server::~tls_server() { SSL_CTX_free(context_); }

std::unique_ptr<tls_connection> tls_server::accept(int fd) const {
  SSL* ssl = SSL_new(context_);
  SSL_set_fd(ssl, fd);
  SSL_set_accept_state(ssl);
  return std::make_unique<tls_connection>(ssl);
}

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace vigie::test {

/// A TLS port of 127.0.0.1 before a plain one: one connection at a time, in its own thread, with a
/// certificate of its own for `name` (an address), signed by itself.
class tls_front {
 public:
  tls_front(std::uint16_t port, std::uint16_t behind, const std::string& name = "127.0.0.1")
      : behind_{behind},
        key_{::EVP_EC_gen("P-256"), ::EVP_PKEY_free},
        certificate_{::X509_new(), ::X509_free},
        context_{::SSL_CTX_new(::TLS_server_method()), ::SSL_CTX_free},
        listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sign(name);
    ::SSL_CTX_use_certificate(context_.get(), certificate_.get());
    ::SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const auto at = loopback(port);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener_, 4) != 0)
      throw std::runtime_error{"cannot listen on port " + std::to_string(port)};
    thread_ = std::thread{[this] { run(); }};
  }
  ~tls_front() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  tls_front(const tls_front&) = delete;
  tls_front& operator=(const tls_front&) = delete;

  void write_certificate(const std::filesystem::path& pem) const {
    std::FILE* const file = std::fopen(pem.c_str(), "w");
    if (file == nullptr || ::PEM_write_X509(file, certificate_.get()) != 1)
      throw std::runtime_error{"cannot write " + pem.string()};
    std::fclose(file);
  }
  std::string fingerprint() const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    ::X509_digest(certificate_.get(), ::EVP_sha256(), digest.data(), &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
  }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }

  void sign(const std::string& name) {
    X509* const made = certificate_.get();
    ::X509_set_version(made, 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(made), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(made), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(made), 86'400);
    ::X509_set_pubkey(made, key_.get());
    const auto* const text = reinterpret_cast<const unsigned char*>("camera");
    ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(made), "CN", MBSTRING_ASC, text, -1, -1,
                                 0);
    ::X509_set_issuer_name(made, ::X509_get_subject_name(made));
    X509_EXTENSION* const names =
        ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("IP:" + name).c_str());
    ::X509_add_ext(made, names, -1);
    ::X509_EXTENSION_free(names);
    if (::X509_sign(made, key_.get(), ::EVP_sha256()) == 0)
      throw std::runtime_error{"cannot sign a certificate"};
  }

  void run() {
    while (!stopping_) {
      pollfd entry{listener_, POLLIN, 0};
      if (::poll(&entry, 1, 20) <= 0) continue;
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) continue;
      // A peer that stops in mid-handshake must not hold the thread.
      const timeval patience{2, 0};
      ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      const std::unique_ptr<SSL, decltype(&::SSL_free)> session{::SSL_new(context_.get()),
                                                                ::SSL_free};
      ::SSL_set_fd(session.get(), client);
      if (::SSL_accept(session.get()) == 1) join(session.get(), client);
      ::close(client);
    }
  }

  /// Carries bytes both ways until one end has enough.
  void join(SSL* session, int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const auto at = loopback(behind_);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) {
      std::array<char, 16'384> data{};
      while (!stopping_) {
        std::array<pollfd, 2> entries{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        ::poll(entries.data(), entries.size(), 20);
        if (entries[0].revents != 0 || ::SSL_pending(session) > 0) {
          const int got = ::SSL_read(session, data.data(), static_cast<int>(data.size()));
          if (got <= 0 ||
              ::send(server, data.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
            break;
        }
        if (entries[1].revents != 0) {
          const auto got = ::recv(server, data.data(), data.size(), 0);
          if (got <= 0 || ::SSL_write(session, data.data(), static_cast<int>(got)) != got) break;
        }
      }
    }
    ::close(server);
  }

  const std::uint16_t behind_;
  std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&::X509_free)> certificate_;
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context_;
  const int listener_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace vigie::test

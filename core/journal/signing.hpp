// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace vigie::journal {

/// An Ed25519 signature (RFC 8032).
using signature = std::array<std::uint8_t, 64>;

/// The node's signing key. The secret half never leaves this class and its file. [thread-safe]
class signing_key {
 public:
  /// Reads `secret_file` (PKCS #8 PEM), or makes a new key there, mode 0600, durable before it
  /// signs anything; a new key's public half is added to `public_file` (PEM). Errors: disk_failed,
  /// config_invalid (the file holds no Ed25519 key). [startup]
  static result<signing_key> load_or_create(const std::filesystem::path& secret_file,
                                            const std::filesystem::path& public_file);
  /// A key that lives in memory only. Errors: internal.
  static result<signing_key> generate();
  signing_key(signing_key&&) noexcept;
  signing_key& operator=(signing_key&&) noexcept;
  ~signing_key();

  signature sign(std::string_view message) const;
  /// The first 16 hex digits of SHA-256 over the raw public key.
  const std::string& id() const noexcept { return id_; }
  std::string public_pem() const;

 private:
  struct pair;
  explicit signing_key(std::unique_ptr<pair> p);
  std::unique_ptr<pair> pair_;
  std::string id_;
};

/// The public keys a reader of the journal believes. [thread-safe]
class trusted_keys {
 public:
  trusted_keys();
  trusted_keys(trusted_keys&&) noexcept;
  trusted_keys& operator=(trusted_keys&&) noexcept;
  ~trusted_keys();

  /// Adds every Ed25519 key of a PEM text. Errors: config_invalid (there is none).
  result<void> add_pem(std::string_view pem);
  /// The same of a file. Errors: not_found, config_invalid.
  result<void> add_file(const std::filesystem::path& file);

  /// True when the key of that id, which must be among these, made it.
  bool accepts(std::string_view key_id, std::string_view message, byte_view made) const;
  /// True when any of these made it.
  bool accepts(std::string_view message, byte_view made) const;
  bool empty() const noexcept { return keys_.empty(); }

 private:
  struct key;
  std::vector<key> keys_;
};

}  // namespace vigie::journal

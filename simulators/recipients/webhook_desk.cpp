// SPDX-License-Identifier: Apache-2.0
#include "recipients/webhook_desk.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

namespace vigie::simulators {

namespace {

std::string hmac_sha256_hex(std::string_view secret, const std::string& text) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr,
                                   reinterpret_cast<const unsigned char*>(secret.data()),
                                   secret.size()),
      &EVP_PKEY_free};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t length = digest.size();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EVP_DigestSign(context.get(), digest.data(), &length,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < length; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

}  // namespace

std::string judge_webhook(const webhook_headers& headers, std::string_view body,
                          std::string_view secret, std::int64_t now_s, std::int64_t window_s) {
  std::int64_t then_s = 0;
  const char* end = headers.timestamp.data() + headers.timestamp.size();
  const auto [stop, error] = std::from_chars(headers.timestamp.data(), end, then_s);
  if (error != std::errc{} || stop != end) return "no timestamp";
  const std::string expected =
      "v1=" + hmac_sha256_hex(secret, headers.timestamp + "." + std::string{body});
  if (expected.size() != headers.signature.size() ||
      CRYPTO_memcmp(expected.data(), headers.signature.data(), expected.size()) != 0)
    return "wrong signature";
  if (std::abs(now_s - then_s) > window_s) return "outside the replay window";
  const auto read = nlohmann::json::parse(body, nullptr, false);
  if (!read.is_object() || read.value("key", nlohmann::json{}) != headers.idempotency_key)
    return "the key is not the body's";
  return {};
}

}  // namespace vigie::simulators

// SPDX-License-Identifier: Apache-2.0
#include "gateway/base64url.hpp"

#include <cstdint>

namespace vigie::gateway {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string to_base64url(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 2);
  std::uint32_t pool = 0;
  int bits = 0;
  for (const char c : bytes) {
    pool = (pool << 8) | static_cast<std::uint8_t>(c);
    for (bits += 8; bits >= 6;) {
      bits -= 6;
      out += alphabet[(pool >> bits) & 63];
    }
  }
  if (bits > 0) out += alphabet[(pool << (6 - bits)) & 63];
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t pool = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    pool = (pool << 6) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((pool >> bits) & 0xff);
    }
  }
  if (bits >= 6 || (pool & ((1u << bits) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace vigie::gateway

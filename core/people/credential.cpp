// SPDX-License-Identifier: Apache-2.0
#include "people/credential.hpp"

#include <crypt.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace vigie::people {
namespace {

constexpr std::size_t hash_length = 60;

/// 32 KiB that held a password are wiped.
struct wiping {
  void operator()(crypt_data* data) const noexcept {
    explicit_bzero(data, sizeof *data);
    delete data;
  }
};

std::string crypt_with(const secret& password, const char* setting) {
  const std::unique_ptr<crypt_data, wiping> data{new crypt_data{}};
  const char* made = crypt_rn(password.reveal().c_str(), setting, data.get(), sizeof *data);
  return made == nullptr ? std::string{} : std::string{made};
}

}  // namespace

result<std::string> hash_password(const secret& password, unsigned cost) {
  const auto& text = password.reveal();
  if (text.size() < shortest_password || text.size() > longest_password)
    return fail(errc::config_invalid,
                fmt::format("a password has {} to {} bytes", shortest_password, longest_password));
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return fail(errc::config_invalid, "a password holds no control character");
  char setting[CRYPT_GENSALT_OUTPUT_SIZE] = {};
  // No bytes given: libcrypt asks the system for random ones.
  if (crypt_gensalt_rn("$2a$", cost, nullptr, 0, setting, sizeof setting) == nullptr)
    return fail(errc::internal, "libcrypt makes no bcrypt salt");
  auto hash = crypt_with(password, setting);
  if (!is_password_hash(hash)) return fail(errc::internal, "libcrypt makes no bcrypt hash");
  return hash;
}

bool matches(const secret& password, const std::string& hash) {
  if (!is_password_hash(hash)) return false;
  const auto again = crypt_with(password, hash.c_str());
  if (again.size() != hash.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < hash.size(); ++i)
    difference = static_cast<unsigned char>(difference | (again[i] ^ hash[i]));
  return difference == 0;
}

bool is_password_hash(std::string_view text) noexcept {
  if (text.size() != hash_length || !text.starts_with("$2a$")) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '$' ||
           c == '.' || c == '/';
  });
}

}  // namespace vigie::people

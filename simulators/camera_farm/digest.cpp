// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/digest.hpp"

extern "C" {
#include <libavutil/md5.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
}

#include <fmt/format.h>

#include <array>
#include <map>
#include <memory>
#include <span>

namespace vigie::simulators {

namespace {

constexpr std::string_view scheme = "Digest ";

// name=value and name="value" pairs; later ones of the same name lose.
std::map<std::string, std::string, std::less<>> fields_of(std::string_view text) {
  std::map<std::string, std::string, std::less<>> fields;
  while (!text.empty()) {
    const std::size_t name_begin = text.find_first_not_of(", \t");
    if (name_begin == std::string_view::npos) break;
    text.remove_prefix(name_begin);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) break;
    const std::string name{text.substr(0, equals)};
    text.remove_prefix(equals + 1);
    std::size_t end;
    std::string_view value;
    if (!text.empty() && text.front() == '"') {
      text.remove_prefix(1);
      end = text.find('"');
      value = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    } else {
      end = text.find_first_of(", \t");
      value = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    }
    fields.emplace(name, value);
  }
  return fields;
}

std::string hex(std::span<const std::uint8_t> sum) {
  std::string text;
  for (const std::uint8_t byte : sum) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

std::string md5_hex(std::string_view text) {
  std::array<std::uint8_t, 16> sum{};
  av_md5_sum(sum.data(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return hex(sum);
}

std::string sha256_hex(std::string_view text) {
  std::array<std::uint8_t, 32> sum{};
  const std::unique_ptr<AVSHA, decltype(&av_free)> state{av_sha_alloc(), &av_free};
  av_sha_init(state.get(), 256);
  av_sha_update(state.get(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  av_sha_final(state.get(), sum.data());
  return hex(sum);
}

std::string digest_challenge(std::string_view realm, std::string_view nonce, digest_hash hash) {
  return fmt::format("Digest realm=\"{}\", nonce=\"{}\", qop=\"auth\", algorithm={}", realm, nonce,
                     hash == digest_hash::sha256 ? "SHA-256" : "MD5");
}

std::string digest_field(std::string_view authorization, std::string_view name) {
  if (!authorization.starts_with(scheme)) return {};
  const auto fields = fields_of(authorization.substr(scheme.size()));
  const auto found = fields.find(name);
  return found == fields.end() ? std::string{} : found->second;
}

bool digest_matches(std::string_view authorization, std::string_view method, const account& who,
                    std::string_view realm, std::string_view nonce, digest_hash hash) {
  if (!authorization.starts_with(scheme)) return false;
  auto fields = fields_of(authorization.substr(scheme.size()));
  if (fields["username"] != who.username || fields["realm"] != realm || fields["nonce"] != nonce)
    return false;
  const auto sum = hash == digest_hash::sha256 ? sha256_hex : md5_hex;
  const std::string secret = sum(fmt::format("{}:{}:{}", who.username, realm, who.password));
  const std::string request = sum(fmt::format("{}:{}", method, fields["uri"]));
  const std::string& qop = fields["qop"];
  const std::string expected = qop.empty()
                                   ? sum(fmt::format("{}:{}:{}", secret, nonce, request))
                                   : sum(fmt::format("{}:{}:{}:{}:{}:{}", secret, nonce,
                                                     fields["nc"], fields["cnonce"], qop, request));
  return fields["response"] == expected;
}

}  // namespace vigie::simulators

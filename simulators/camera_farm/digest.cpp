// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/digest.hpp"

extern "C" {
#include <libavutil/md5.h>
}

#include <fmt/format.h>

#include <array>
#include <map>

namespace vigie::simulators {

namespace {

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

}  // namespace

std::string md5_hex(std::string_view text) {
  std::array<std::uint8_t, 16> sum{};
  av_md5_sum(sum.data(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  std::string hex;
  for (const std::uint8_t byte : sum) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string digest_challenge(std::string_view realm, std::string_view nonce) {
  return fmt::format("Digest realm=\"{}\", nonce=\"{}\", qop=\"auth\", algorithm=MD5", realm,
                     nonce);
}

bool digest_matches(std::string_view authorization, std::string_view method, const account& who,
                    std::string_view realm, std::string_view nonce) {
  constexpr std::string_view scheme = "Digest ";
  if (!authorization.starts_with(scheme)) return false;
  auto fields = fields_of(authorization.substr(scheme.size()));
  if (fields["username"] != who.username || fields["realm"] != realm || fields["nonce"] != nonce)
    return false;
  const std::string secret = md5_hex(fmt::format("{}:{}:{}", who.username, realm, who.password));
  const std::string request = md5_hex(fmt::format("{}:{}", method, fields["uri"]));
  const std::string& qop = fields["qop"];
  const std::string expected =
      qop.empty() ? md5_hex(fmt::format("{}:{}:{}", secret, nonce, request))
                  : md5_hex(fmt::format("{}:{}:{}:{}:{}:{}", secret, nonce, fields["nc"],
                                        fields["cnonce"], qop, request));
  return fields["response"] == expected;
}

}  // namespace vigie::simulators

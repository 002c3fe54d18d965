// SPDX-License-Identifier: Apache-2.0
#include "security.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "xml.hpp"

namespace vigie::onvif {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string password_digest(std::string_view nonce, std::string_view created,
                            std::string_view password) {
  std::string all{nonce};
  all.append(created).append(password);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  if (EVP_Digest(all.data(), all.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error{"SHA-1 is not available"};
  return base64({reinterpret_cast<const char*>(digest.data()), length});
}

std::string security_header(const account& who, std::string_view nonce, std::string_view created) {
  if (who.username.empty()) return {};
  constexpr std::string_view wss = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
  return fmt::format(
      "<wsse:Security s:mustUnderstand=\"1\" xmlns:wsse=\"{0}wssecurity-secext-1.0.xsd\" "
      "xmlns:wsu=\"{0}wssecurity-utility-1.0.xsd\"><wsse:UsernameToken>"
      "<wsse:Username>{1}</wsse:Username>"
      "<wsse:Password Type=\"{0}username-token-profile-1.0#PasswordDigest\">{2}</wsse:Password>"
      "<wsse:Nonce EncodingType=\"{0}soap-message-security-1.0#Base64Binary\">{3}</wsse:Nonce>"
      "<wsu:Created>{4}</wsu:Created></wsse:UsernameToken></wsse:Security>",
      wss, escaped(who.username), password_digest(nonce, created, who.password), base64(nonce),
      created);
}

std::string fresh_nonce() {
  std::string nonce(16, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()), 16) != 1)
    throw std::runtime_error{"no random bytes"};
  return nonce;
}

std::string xml_time(vigie_utc_us_t at) {
  using namespace std::chrono;
  const sys_time<microseconds> when{microseconds{at}};
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const auto ms = duration_cast<milliseconds>(when - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace vigie::onvif

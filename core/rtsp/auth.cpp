// SPDX-License-Identifier: Apache-2.0
#include "rtsp/auth.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rtsp/base64.hpp"
#include "rtsp/headers.hpp"
#include "rtsp/message.hpp"

namespace vigie::rtsp {
namespace {

constexpr std::size_t most_challenges = 8;

std::string hash_hex(auth_scheme scheme, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size,
             scheme == auth_scheme::digest_sha256 ? EVP_sha256() : EVP_md5(), nullptr);
  std::string out;
  out.reserve(std::size_t{2} * size);
  constexpr std::string_view digits = "0123456789abcdef";
  for (unsigned int i = 0; i < size; ++i) {
    out += digits[digest[i] >> 4];
    out += digits[digest[i] & 15];
  }
  return out;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string{text};
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
  return out;
}

/// A challenge while its parameters are read; `is_usable` falls when we cannot answer it.
struct draft {
  challenge value;
  bool is_usable = true;
  bool names_qop = false;
};

void take_parameter(draft& into, std::string_view name, std::string_view raw) {
  auto& out = into.value;
  if (iequals(name, "realm")) {
    out.realm = unquoted(raw);
  } else if (iequals(name, "nonce")) {
    out.nonce = unquoted(raw);
  } else if (iequals(name, "opaque")) {
    out.opaque = unquoted(raw);
  } else if (iequals(name, "stale")) {
    out.is_stale = iequals(unquoted(raw), "true");
  } else if (iequals(name, "qop")) {
    into.names_qop = true;
    const auto list = unquoted(raw);
    for (const auto qop : split_list(list, ','))
      if (iequals(qop, "auth")) out.offers_qop_auth = true;
  } else if (iequals(name, "algorithm")) {
    out.algorithm = unquoted(raw);
    std::string_view hash = out.algorithm;
    if (hash.size() > 5 && iequals(hash.substr(hash.size() - 5), "-sess")) {
      out.is_session_variant = true;
      hash.remove_suffix(5);
    }
    if (iequals(hash, "SHA-256"))
      out.scheme = auth_scheme::digest_sha256;
    else if (!iequals(hash, "MD5"))
      into.is_usable = false;
  }
}

void finish(std::optional<draft>& current, std::vector<challenge>& out) {
  if (!current) return;
  const bool is_digest = current->value.scheme != auth_scheme::basic;
  if (is_digest && current->value.nonce.empty()) current->is_usable = false;
  // qop named without "auth" leaves auth-int alone, which nobody uses for RTSP.
  if (current->names_qop && !current->value.offers_qop_auth) current->is_usable = false;
  if (current->is_usable && out.size() < most_challenges) out.push_back(std::move(current->value));
  current.reset();
}

}  // namespace

std::vector<challenge> parse_challenges(const std::vector<std::string_view>& headers) {
  std::vector<challenge> out;
  for (const auto header : headers) {
    std::optional<draft> current;
    for (auto piece : split_list(header, ',')) {
      // "Digest realm=…" opens a challenge, "nonce=…" continues it.
      const auto blank = piece.find_first_of(" \t");
      const auto equals = piece.find('=');
      const auto word = piece.substr(0, std::min(blank, piece.size()));
      if (blank < equals || equals == piece.npos) {
        const auto after = trim(piece.substr(word.size()));
        const bool is_scheme = after.empty() || after.front() != '=';
        if (is_scheme) {
          finish(current, out);
          current.emplace();
          if (iequals(word, "Basic"))
            current->value.scheme = auth_scheme::basic;
          else if (!iequals(word, "Digest"))
            current->is_usable = false;
          piece = after;
        }
      }
      const auto at = piece.find('=');
      if (current && at != piece.npos)
        take_parameter(*current, trim(piece.substr(0, at)), trim(piece.substr(at + 1)));
    }
    finish(current, out);
  }
  return out;
}

result<challenge> choose_challenge(const std::vector<challenge>& offered, auth_policy policy,
                                   bool is_encrypted) {
  const challenge* best = nullptr;
  bool saw_basic = false;
  for (const auto& one : offered) {
    if (one.scheme == auth_scheme::basic) {
      saw_basic = true;
      if (policy != auth_policy::allow_basic && !is_encrypted) continue;
    }
    if (best == nullptr || one.scheme < best->scheme) best = &one;
  }
  if (best != nullptr) return *best;
  return fail(errc::auth_unsupported,
              saw_basic ? "only Basic is offered, which would send the password in clear"
                        : "no authentication scheme we know is offered");
}

authenticator::authenticator(std::string username, secret password, random_source& random)
    : username_{std::move(username)}, password_{std::move(password)}, random_{&random} {}

const std::string& authenticator::nonce() const noexcept {
  static const std::string none;
  return challenge_ ? challenge_->nonce : none;
}

void authenticator::adopt(challenge from_server) {
  challenge_ = std::move(from_server);
  nonce_count_ = 0;
}

void authenticator::drop_challenge() { challenge_.reset(); }

void authenticator::forget() {
  username_.clear();
  password_ = secret{};
  challenge_.reset();
}

std::string authenticator::authorize(std::string_view method, std::string_view uri) {
  if (challenge_->scheme == auth_scheme::basic)
    return "Basic " + base64_encode(username_ + ":" + password_.reveal());
  const auto count = fmt::format("{:08x}", ++nonce_count_);
  const auto cnonce = fmt::format("{:016x}", random_->next());
  auto out = fmt::format(
      "Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\"", quoted(username_),
      quoted(challenge_->realm), quoted(challenge_->nonce), quoted(uri),
      digest_response(*challenge_, username_, password_, method, uri, cnonce, count));
  if (!challenge_->algorithm.empty()) out += ", algorithm=" + challenge_->algorithm;
  if (challenge_->opaque) out += ", opaque=" + quoted(*challenge_->opaque);
  if (challenge_->offers_qop_auth) out += ", qop=auth, nc=" + count;
  if (challenge_->offers_qop_auth || challenge_->is_session_variant)
    out += ", cnonce=" + quoted(cnonce);
  return out;
}

std::string digest_response(const challenge& from_server, std::string_view username,
                            const secret& password, std::string_view method, std::string_view uri,
                            std::string_view cnonce, std::string_view nonce_count_hex) {
  const auto scheme = from_server.scheme;
  auto a1 =
      hash_hex(scheme, fmt::format("{}:{}:{}", username, from_server.realm, password.reveal()));
  if (from_server.is_session_variant)
    a1 = hash_hex(scheme, fmt::format("{}:{}:{}", a1, from_server.nonce, cnonce));
  const auto a2 = hash_hex(scheme, fmt::format("{}:{}", method, uri));
  if (from_server.offers_qop_auth)
    return hash_hex(scheme, fmt::format("{}:{}:{}:{}:auth:{}", a1, from_server.nonce,
                                        nonce_count_hex, cnonce, a2));
  return hash_hex(scheme, fmt::format("{}:{}:{}", a1, from_server.nonce, a2));
}

}  // namespace vigie::rtsp

// SPDX-License-Identifier: Apache-2.0
#include "gateway/token_mint.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "gateway/base64url.hpp"

namespace vigie::gateway {
namespace {

constexpr std::size_t mac_bytes = 32;
constexpr std::size_t longest_token = 2048;
constexpr std::uint8_t format_version = 1;

void put_u64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

void put_text(std::string& out, std::string_view text) {
  const auto size = std::min<std::size_t>(text.size(), 0xffff);
  out += static_cast<char>(size >> 8);
  out += static_cast<char>(size & 0xff);
  out += text.substr(0, size);
}

/// Reads what the two functions above wrote; stays failed after the first shortage.
class reader {
 public:
  explicit reader(std::string_view bytes) : rest_{bytes} {}
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) value = (value << 8) | static_cast<std::uint8_t>(c);
    return value;
  }
  std::string text() { return std::string{take(number(2))}; }
  bool ended_well() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::string encode(const media_claims& c) {
  std::string out;
  out += static_cast<char>(format_version);
  out += static_cast<char>(c.kind);
  for (const auto& text : {c.camera.str(), c.user, c.authority.str(), c.session})
    put_text(out, text);
  for (const auto time : {c.expires_utc_us, c.session_ends_utc_us, c.from_utc_us, c.to_utc_us})
    put_u64(out, static_cast<std::uint64_t>(time));
  return out;
}

std::optional<media_claims> decode(std::string_view bytes) {
  reader in{bytes};
  if (in.number(1) != format_version) return std::nullopt;
  const auto kind = in.number(1);
  if (kind != static_cast<std::uint64_t>(media_kind::live) &&
      kind != static_cast<std::uint64_t>(media_kind::clip))
    return std::nullopt;
  media_claims c;
  c.kind = static_cast<media_kind>(kind);
  c.camera = camera_id{in.text()};
  c.user = in.text();
  c.authority = commune_id{in.text()};
  c.session = in.text();
  for (auto* time : {&c.expires_utc_us, &c.session_ends_utc_us, &c.from_utc_us, &c.to_utc_us})
    *time = static_cast<utc_us>(in.number(8));
  if (!in.ended_well()) return std::nullopt;
  return c;
}

std::string mac_of(const secret& key, std::string_view message) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const auto& k = key.reveal();
  HMAC(EVP_sha256(), k.data(), static_cast<int>(k.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(size);
  return mac;
}

utc_us in_us(std::chrono::microseconds d) { return d.count(); }

}  // namespace

token_mint::token_mint(secret key, const clock& time, token_lifetimes lifetimes)
    : key_{std::move(key)}, time_{time}, lifetimes_{lifetimes} {}

result<secret> token_mint::random_key() {
  std::array<unsigned char, mac_bytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    return fail(errc::internal, "the system gives no random bytes");
  secret key{std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return key;
}

media_token token_mint::mint_live(camera_id camera, std::string user, commune_id authority,
                                  std::string session) const {
  const auto now = time_.utc();
  media_claims claims{media_kind::live, std::move(camera), std::move(user), std::move(authority),
                      std::move(session)};
  claims.expires_utc_us = now + in_us(lifetimes_.live_opening);
  claims.session_ends_utc_us = now + in_us(lifetimes_.live_session);
  return {sign(claims), claims.expires_utc_us};
}

media_token token_mint::mint_clip(camera_id camera, std::string user, commune_id authority,
                                  std::string session, utc_us from, utc_us to) const {
  media_claims claims{media_kind::clip, std::move(camera), std::move(user), std::move(authority),
                      std::move(session)};
  claims.expires_utc_us = time_.utc() + in_us(lifetimes_.clip);
  claims.session_ends_utc_us = claims.expires_utc_us;
  claims.from_utc_us = from;
  claims.to_utc_us = to;
  return {sign(claims), claims.expires_utc_us};
}

std::string token_mint::sign(const media_claims& claims) const {
  const auto payload = encode(claims);
  return to_base64url(payload) + '.' + to_base64url(mac_of(key_, payload));
}

result<media_claims> token_mint::verify(std::string_view token, media_kind kind) const {
  const auto dot = token.find('.');
  if (token.size() > longest_token || dot == std::string_view::npos)
    return fail(errc::token_invalid, "not a token");
  const auto payload = from_base64url(token.substr(0, dot));
  const auto mac = from_base64url(token.substr(dot + 1));
  if (!payload || !mac || mac->size() != mac_bytes) return fail(errc::token_invalid, "not a token");
  const auto expected = mac_of(key_, *payload);
  if (CRYPTO_memcmp(expected.data(), mac->data(), mac_bytes) != 0)
    return fail(errc::token_invalid, "signature is not ours");
  auto claims = decode(*payload);
  if (!claims) return fail(errc::token_invalid, "unknown token format");
  if (claims->kind != kind) return fail(errc::token_invalid, "token is for another kind of media");
  if (time_.utc() >= claims->expires_utc_us) return fail(errc::token_invalid, "token has expired");
  if (is_revoked(claims->session)) return fail(errc::token_invalid, "session was revoked");
  return std::move(*claims);
}

result<media_claims> token_mint::redeem(std::string_view token, media_kind kind) {
  auto claims = verify(token, kind);
  if (!claims) return claims;
  const auto now = time_.utc();
  std::lock_guard lock{mutex_};
  // An opening lasts seconds: twice that bounds what a clock stepped back could bring to life.
  const auto forgotten_before = now - 2 * in_us(lifetimes_.live_opening);
  std::erase_if(redeemed_, [&](const auto& used) { return used.second < forgotten_before; });
  if (!redeemed_.emplace(sign(*claims), claims->expires_utc_us).second)
    return fail(errc::token_invalid, "token was used already");
  return claims;
}

void token_mint::revoke(const std::string& session) {
  const auto now = time_.utc();
  const auto longest = std::max(
      {in_us(lifetimes_.live_opening), in_us(lifetimes_.live_session), in_us(lifetimes_.clip)});
  std::lock_guard lock{mutex_};
  std::erase_if(revoked_, [now](const auto& entry) { return entry.second < now; });
  // Twice the longest life: a clock stepped back must not bring a session to life again.
  revoked_[session] = now + 2 * longest;
}

bool token_mint::is_revoked(const std::string& session) const {
  std::lock_guard lock{mutex_};
  return revoked_.contains(session);
}

}  // namespace vigie::gateway

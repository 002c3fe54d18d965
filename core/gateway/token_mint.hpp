// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace vigie::gateway {

enum class media_kind : std::uint8_t { live = 1, clip };

/// What a media token states. It is signed, not encrypted: nothing in it is secret.
struct media_claims {
  media_kind kind = media_kind::live;
  camera_id camera;
  std::string user;           ///< who asked, as authenticated on the bus
  commune_id authority;       ///< the viewing authority (LEG-03)
  std::string session;        ///< the journalled access this token belongs to; revoked by this name
  utc_us expires_utc_us = 0;  ///< it opens nothing from here on
  utc_us session_ends_utc_us = 0;  ///< what it opened ends here; equals `expires_utc_us` for clips
  utc_us from_utc_us = 0;          ///< clips: only recordings that touch [from, to) may be read
  utc_us to_utc_us = 0;

  friend bool operator==(const media_claims&, const media_claims&) = default;
};

/// A signed token and the instant until which it opens something.
struct media_token {
  std::string text;  ///< URL-safe: [A-Za-z0-9_-] and one '.'
  utc_us expires_utc_us = 0;
};

struct token_lifetimes {
  std::chrono::seconds live_opening{30};  ///< a live token must be used within this
  std::chrono::hours live_session{8};     ///< an opened view ends after this at the latest
  std::chrono::minutes clip{15};          ///< clips of one grant may be fetched this long
};

/// Makes and checks the short-lived tokens that open media (design §8). Signed with HMAC-SHA256
/// (RFC 2104) under a key that lives as long as this object: no token survives a restart.
/// [thread-safe]
class token_mint {
 public:
  /// `key`: at least 16 random bytes, see `random_key`.
  token_mint(secret key, const clock& time, token_lifetimes lifetimes = {});

  /// 32 bytes of the operating system's randomness. Errors: internal.
  static result<secret> random_key();

  media_token mint_live(camera_id camera, std::string user, commune_id authority,
                        std::string session) const;
  media_token mint_clip(camera_id camera, std::string user, commune_id authority,
                        std::string session, utc_us from, utc_us to) const;
  /// Signs claims as they are.
  std::string sign(const media_claims& claims) const;

  /// The claims of a token that is ours, of this kind, unexpired and not revoked. The signature is
  /// compared in constant time. Errors: token_invalid, with a reason fit for a log.
  result<media_claims> verify(std::string_view token, media_kind kind) const;

  /// As `verify`, and never again: a token that was overheard opens nothing beside who used it.
  /// Errors: token_invalid.
  result<media_claims> redeem(std::string_view token, media_kind kind);

  /// Ends a session: its tokens open nothing any more. To stop what is already open, call
  /// `gateway::revoke`, which calls this.
  void revoke(const std::string& session);
  bool is_revoked(const std::string& session) const;

 private:
  const secret key_;
  const clock& time_;
  const token_lifetimes lifetimes_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, utc_us> redeemed_;  ///< token → when it opens nothing anyhow
  std::unordered_map<std::string, utc_us> revoked_;   ///< session → when it may be forgotten
};

}  // namespace vigie::gateway

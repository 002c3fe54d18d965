// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "rtsp/quirk_policies.hpp"

namespace vigie::rtsp {

enum class auth_scheme : std::uint8_t { digest_sha256 = 1, digest_md5, basic };

/// One challenge of a `WWW-Authenticate` header (RFC 7616 §3.3, RFC 2617 §3.2.1).
struct challenge {
  auth_scheme scheme = auth_scheme::digest_md5;
  bool is_session_variant = false;  ///< MD5-sess, SHA-256-sess
  bool offers_qop_auth = false;
  bool is_stale = false;
  std::string realm;  ///< unquoted
  std::string nonce;  ///< unquoted
  std::optional<std::string> opaque;
  std::string algorithm;  ///< as written, "" when absent: echoed as it came
};

/// All challenges we understand, of all headers and of several in one header, in any parameter
/// order (camera-quirks 31 and 34). [ingest]
std::vector<challenge> parse_challenges(const std::vector<std::string_view>& headers);

/// The strongest challenge the policy allows: SHA-256, MD5, then Basic where it may be used.
/// Errors: auth_unsupported. [ingest]
result<challenge> choose_challenge(const std::vector<challenge>& offered, auth_policy policy,
                                   bool is_encrypted);

/// Answers challenges with one name and password; counts the uses of a nonce. The password shows in
/// nothing but the digest. [ingest]
class authenticator {
 public:
  authenticator(std::string username, secret password, random_source& random);

  bool has_credentials() const noexcept { return !username_.empty(); }
  bool has_challenge() const noexcept { return challenge_.has_value(); }
  const std::string& nonce() const noexcept;
  void adopt(challenge from_server);
  /// For a new connection: its server knows nothing of the old nonce.
  void drop_challenge();
  /// Drops name, password and challenge: for a host that must not learn them.
  void forget();
  /// The `Authorization` value for a request; `uri` is the request line's, byte for byte
  /// (camera-quirk 33). Call only after `adopt`.
  std::string authorize(std::string_view method, std::string_view uri);

 private:
  std::string username_;
  secret password_;
  random_source* random_;
  std::optional<challenge> challenge_;
  std::uint32_t nonce_count_ = 0;
};

/// The `response` of a digest (RFC 7616 §3.4.1), lower-case hex. `cnonce` and `nonce_count_hex` (8
/// digits) count only with qop or a session variant. [thread-safe]
std::string digest_response(const challenge& from_server, std::string_view username,
                            const secret& password, std::string_view method, std::string_view uri,
                            std::string_view cnonce, std::string_view nonce_count_hex);

}  // namespace vigie::rtsp

// SPDX-License-Identifier: Apache-2.0
#include "rtsp/auth.hpp"

#include "base/random.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Whatever a camera challenges with, the answer is one header line and never has the password.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  if (has_password(text)) return;
  const auto half = text.find('\n');
  std::vector<std::string_view> headers{text.substr(0, half)};
  if (half != text.npos) headers.push_back(text.substr(half + 1));
  const auto offered = rtsp::parse_challenges(headers);
  for (const bool is_encrypted : {false, true}) {
    const auto chosen = rtsp::choose_challenge(offered, rtsp::quirk_policies{}.auth, is_encrypted);
    if (!chosen) continue;
    require(chosen->scheme != rtsp::auth_scheme::basic || is_encrypted, "no Basic in clear");
    seeded_random random{1};
    rtsp::authenticator answerer{"operator", secret{std::string{password}}, random};
    answerer.adopt(*chosen);
    const auto answer = answerer.authorize("DESCRIBE", "rtsp://127.0.0.1/a?b=c");
    require(!has_password(answer), "the password is not in the answer");
    if (text.find('\r') == text.npos && text.find('\n') == text.npos)
      require(answer.find_first_of("\r\n") == answer.npos, "the answer is one line");
  }
}

std::vector<std::string> seeds() {
  return {
      "Digest realm=\"cam\", nonce=\"abc123\", algorithm=MD5",
      "Digest realm=\"a \\\"b\\\"\", qop=\"auth,auth-int\", nonce=\"x\", opaque=\"\", stale=TRUE, "
      "algorithm=SHA-256-sess",
      "Basic realm=\"cam\"\nDigest nonce=n,realm=r",
      "Basic realm=\"x\", Digest realm=\"x\", nonce=\"y\""};
}

const registration self{{"rtsp_auth",
                         run,
                         seeds,
                         {"Digest ", "Basic ", "realm=\"", "nonce=\"", "algorithm=SHA-256",
                          "algorithm=MD5-sess", "qop=\"auth\"", "stale=true", "opaque=", "\\\""}}};

}  // namespace

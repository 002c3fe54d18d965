// SPDX-License-Identifier: Apache-2.0
#include "rtsp/auth.hpp"

#include <doctest/doctest.h>

#include "rtsp/base64.hpp"

using namespace vigie;
using namespace vigie::rtsp;

namespace {

// The expected digests were computed with `openssl dgst` from the formulas of RFC 7616 §3.4.
constexpr auto uri = "rtsp://127.1.0.1:8554/stream";

std::string answer(auth_scheme scheme, bool qop, bool session) {
  challenge from_server;
  from_server.scheme = scheme;
  from_server.realm = "Accès \"quai\"";
  from_server.nonce = "n0nce";
  from_server.offers_qop_auth = qop;
  from_server.is_session_variant = session;
  return digest_response(from_server, "vigie", secret{"p:w d"}, "DESCRIBE", uri, "c0ffee",
                         "00000001");
}

}  // namespace

TEST_CASE("digest: MD5 without qop, with qop, as session variant") {
  CHECK(answer(auth_scheme::digest_md5, false, false) == "5a870f40dd60d70d0b0101a9a017f23e");
  CHECK(answer(auth_scheme::digest_md5, true, false) == "2e2f410d1f9afed0f524810fb7639f21");
  CHECK(answer(auth_scheme::digest_md5, true, true) == "a9f46c1633fb454247e27192198b35d6");
}

TEST_CASE("digest: SHA-256 without qop, with qop, as session variant") {
  CHECK(answer(auth_scheme::digest_sha256, false, false) ==
        "c6f69670d50487532d4e61b3bf74b1dbee0800aa266266ce3e7d89893bf5c25a");
  CHECK(answer(auth_scheme::digest_sha256, true, false) ==
        "dc363c3ae48c0d686667584fea4c7ccdcae067b5fb8c2199887c6419242150e4");
  CHECK(answer(auth_scheme::digest_sha256, true, true) ==
        "1fa2dc96ddaf48a1590cb90955fb679465ec15cfa2a5dcf12c69692a8edb646b");
}

TEST_CASE("challenges: parameters in any order, quoted commas, odd blanks") {
  const auto found = parse_challenges(
      {R"(Digest  stale = TRUE , nonce="a,b\"c",opaque="", qop="auth-int, auth",realm="Cam, 1")"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].scheme == auth_scheme::digest_md5);
  CHECK(found[0].nonce == "a,b\"c");
  CHECK(found[0].realm == "Cam, 1");
  CHECK(found[0].is_stale);
  CHECK(found[0].offers_qop_auth);
  CHECK(found[0].opaque == "");
}

TEST_CASE("challenges: several in one header and in several headers") {
  const auto found = parse_challenges(
      {R"(Basic realm="x", Digest realm="x", nonce="1", algorithm=MD5)",
       R"(Digest realm="x", nonce="2", algorithm="SHA-256-sess")", "Negotiate", R"(Bearer a="b")"});
  REQUIRE(found.size() == 3);
  CHECK(found[0].scheme == auth_scheme::basic);
  CHECK(found[1].nonce == "1");
  CHECK(found[2].scheme == auth_scheme::digest_sha256);
  CHECK(found[2].is_session_variant);
  const auto best = choose_challenge(found, auth_policy::digest_only, false);
  REQUIRE(best);
  CHECK(best->nonce == "2");
}

TEST_CASE("challenges: unknown algorithms, auth-int alone and missing nonces are not answered") {
  CHECK(parse_challenges({R"(Digest realm="x", nonce="1", algorithm=SHA-512)"}).empty());
  CHECK(parse_challenges({R"(Digest realm="x", nonce="1", qop="auth-int")"}).empty());
  CHECK(parse_challenges({R"(Digest realm="x")", "", ",,,", "=", R"(nonce="1")"}).empty());
}

TEST_CASE("challenges: a flood of them is cut short") {
  std::string header;
  for (int i = 0; i < 500; ++i) header += "Digest nonce=\"1\", ";
  CHECK(parse_challenges({header}).size() <= 8);
}

TEST_CASE("challenges: Basic in clear is refused unless the policy says otherwise") {
  const auto offered = parse_challenges({R"(Basic realm="x")"});
  CHECK(choose_challenge(offered, auth_policy::digest_only, false).error().code ==
        errc::auth_unsupported);
  CHECK(choose_challenge(offered, auth_policy::allow_basic, false));
  CHECK(choose_challenge(offered, auth_policy::digest_only, true));  // inside TLS
  CHECK(choose_challenge({}, auth_policy::allow_basic, true).error().code ==
        errc::auth_unsupported);
}

TEST_CASE("authenticator: sends qop, nc and cnonce only when qop was offered, and counts uses") {
  seeded_random random{1};
  authenticator auth{"vi\"gie", secret{"pw"}, random};
  auth.adopt(parse_challenges({R"(Digest realm="r", nonce="n")"}).at(0));
  const auto plain = auth.authorize("PLAY", uri);
  CHECK(plain.find(R"(username="vi\"gie")") != std::string::npos);
  CHECK(plain.find(std::string{"uri=\""} + uri + "\"") != std::string::npos);
  CHECK(plain.find("qop") == std::string::npos);
  CHECK(plain.find("nc=") == std::string::npos);
  CHECK(plain.find("algorithm") == std::string::npos);

  auth.adopt(parse_challenges({R"(Digest realm="r", nonce="m", qop="auth", algorithm=MD5)"}).at(0));
  const auto first = auth.authorize("PLAY", uri);
  CHECK(first.find("qop=auth, nc=00000001, cnonce=\"") != std::string::npos);
  CHECK(first.find("algorithm=MD5") != std::string::npos);
  CHECK(auth.authorize("PLAY", uri).find("nc=00000002") != std::string::npos);
}

TEST_CASE("authenticator: Basic is base64 of name and password") {
  seeded_random random{1};
  authenticator auth{"vigie", secret{"p:w d"}, random};
  auth.adopt(parse_challenges({R"(Basic realm="x")"}).at(0));
  CHECK(auth.authorize("PLAY", uri) == "Basic dmlnaWU6cDp3IGQ=");
}

TEST_CASE("base64: both ways, with and without padding") {
  CHECK(base64_encode("") == "");
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foo") == "Zm9v");
  using bytes = std::vector<std::uint8_t>;
  CHECK(base64_decode("Z0LAHtk=") == bytes{0x67, 0x42, 0xc0, 0x1e, 0xd9});
  CHECK(base64_decode("Z0LAHtk") == bytes{0x67, 0x42, 0xc0, 0x1e, 0xd9});
  CHECK(base64_decode("") == bytes{});
  CHECK(!base64_decode("Z0L!"));
  CHECK(!base64_decode("Z0LAH"));
  CHECK(!base64_decode("Z=LA"));
}

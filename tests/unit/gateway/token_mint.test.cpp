// SPDX-License-Identifier: Apache-2.0
#include "gateway/token_mint.hpp"

#include <doctest/doctest.h>

#include <string>

#include "gateway/base64url.hpp"

using namespace vigie;
using namespace vigie::gateway;
using namespace std::chrono_literals;

namespace {

const std::string key_text(32, 'k');

struct fixture {
  manual_clock time;
  token_mint mint{secret{key_text}, time};
  media_token live() {
    return mint.mint_live(camera_id{"cam-0001"}, "console", commune_id{"95018"}, "s-1");
  }
};

}  // namespace

TEST_SUITE("gateway/token_mint") {
  TEST_CASE_FIXTURE(fixture, "token: a live token tells back what it was minted with") {
    const auto claims = mint.verify(live().text, media_kind::live);
    REQUIRE(claims);
    CHECK(claims->camera == camera_id{"cam-0001"});
    CHECK(claims->user == "console");
    CHECK(claims->authority == commune_id{"95018"});
    CHECK(claims->session == "s-1");
    CHECK(claims->expires_utc_us == time.utc() + 30'000'000);
    CHECK(claims->session_ends_utc_us == time.utc() + 8 * 3600 * 1'000'000LL);
  }

  TEST_CASE_FIXTURE(fixture, "token: a live token opens for 30 s and not a moment longer") {
    const auto token = live();
    time.advance(30s - 1us);
    CHECK(mint.verify(token.text, media_kind::live));
    time.advance(1us);
    const auto late = mint.verify(token.text, media_kind::live);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == errc::token_invalid);
    CHECK(late.error().detail == "token has expired");
  }

  TEST_CASE_FIXTURE(fixture, "token: a clip token lasts 15 minutes and carries its time range") {
    const auto token =
        mint.mint_clip(camera_id{"cam-0002"}, "console", commune_id{"95018"}, "s-2", 1000, 2000);
    time.advance(15min - 1us);
    const auto claims = mint.verify(token.text, media_kind::clip);
    REQUIRE(claims);
    CHECK(claims->from_utc_us == 1000);
    CHECK(claims->to_utc_us == 2000);
    time.advance(1us);
    CHECK_FALSE(mint.verify(token.text, media_kind::clip));
  }

  TEST_CASE_FIXTURE(fixture, "token: one kind of media does not open the other") {
    CHECK_FALSE(mint.verify(live().text, media_kind::clip));
    const auto clip = mint.mint_clip(camera_id{"c"}, "u", commune_id{"a"}, "s", 0, 1);
    CHECK_FALSE(mint.verify(clip.text, media_kind::live));
  }

  TEST_CASE_FIXTURE(fixture, "token: every single flipped bit is refused") {
    const auto token = live().text;
    for (std::size_t i = 0; i < token.size(); ++i)
      for (int bit = 0; bit < 8; ++bit) {
        auto forged = token;
        forged[i] = static_cast<char>(forged[i] ^ (1 << bit));
        REQUIRE_FALSE(mint.verify(forged, media_kind::live));
      }
  }

  TEST_CASE_FIXTURE(fixture, "token: every truncation and any addition is refused") {
    const auto token = live().text;
    for (std::size_t length = 0; length < token.size(); ++length)
      REQUIRE_FALSE(mint.verify(std::string_view{token}.substr(0, length), media_kind::live));
    for (const char* tail : {"A", ".", "=", "AAAA", " "})
      CHECK_FALSE(mint.verify(token + tail, media_kind::live));
    CHECK_FALSE(mint.verify(std::string(100'000, 'A') + ".A", media_kind::live));
  }

  TEST_CASE_FIXTURE(fixture, "token: a mint with another key trusts nothing of ours") {
    const token_mint other{secret{std::string(32, 'x')}, time};
    const auto refused = other.verify(live().text, media_kind::live);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == "signature is not ours");
  }

  TEST_CASE_FIXTURE(fixture, "token: a payload moved under another token's signature is refused") {
    const auto mine = live().text;
    const auto theirs =
        mint.mint_live(camera_id{"cam-0009"}, "console", commune_id{"95018"}, "s-9").text;
    const auto mixed = theirs.substr(0, theirs.find('.')) + mine.substr(mine.find('.'));
    CHECK_FALSE(mint.verify(mixed, media_kind::live));
  }

  TEST_CASE_FIXTURE(fixture, "token: fields cannot run into each other") {
    const auto a = mint.mint_live(camera_id{"ab"}, "c", commune_id{"d"}, "e").text;
    const auto b = mint.mint_live(camera_id{"a"}, "bc", commune_id{"d"}, "e").text;
    CHECK(a != b);
  }

  TEST_CASE_FIXTURE(fixture, "token: a revoked session opens nothing, another one does") {
    const auto token = live();
    mint.revoke("s-1");
    CHECK(mint.is_revoked("s-1"));
    const auto refused = mint.verify(token.text, media_kind::live);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == "session was revoked");
    CHECK(mint.verify(mint.mint_live(camera_id{"c"}, "u", commune_id{"a"}, "s-2").text,
                      media_kind::live));
  }

  TEST_CASE_FIXTURE(fixture, "token: redeemed once, in whatever writing, and never again") {
    const auto token = live();
    const auto first = mint.redeem(token.text, media_kind::live);
    REQUIRE(first);
    CHECK(first->session == "s-1");
    const auto second = mint.redeem(token.text, media_kind::live);
    REQUIRE_FALSE(second);
    CHECK(second.error().detail == "token was used already");
    time.advance(1ms);
    CHECK(mint.redeem(live().text, media_kind::live));  // another grant opens another view
    time.advance(31s);
    CHECK_FALSE(mint.redeem(token.text, media_kind::live));
    CHECK_FALSE(mint.redeem("AAAA.AAAA", media_kind::live));
  }

  TEST_CASE_FIXTURE(fixture, "token: a clock stepped back does not bring a session to life again") {
    const auto token = live();
    mint.revoke("s-1");
    time.step_utc(-9h);
    mint.revoke("s-other");
    CHECK(mint.is_revoked("s-1"));
  }

  TEST_CASE("token: keys are random and long enough") {
    const auto a = token_mint::random_key();
    const auto b = token_mint::random_key();
    REQUIRE(a);
    REQUIRE(b);
    CHECK(a->reveal().size() == 32);
    CHECK(a->reveal() != b->reveal());
  }

  TEST_CASE("base64url: every byte string has exactly one text") {
    for (std::size_t size = 0; size < 40; ++size) {
      std::string bytes;
      for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 89 + size);
      const auto text = to_base64url(bytes);
      REQUIRE(from_base64url(text) == bytes);
    }
    CHECK(to_base64url("\xfb\xff") == "-_8");
    CHECK_FALSE(from_base64url("-_9"));  // stray bits
    CHECK_FALSE(from_base64url("A"));
    CHECK_FALSE(from_base64url("AA=="));
    CHECK_FALSE(from_base64url("A+AA"));
  }
}

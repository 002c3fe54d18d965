// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace vigie::notifier;

TEST_CASE("text: control characters become blanks and broken UTF-8 is replaced") {
  CHECK(clean_text("a\r\nBcc: x\tb") == "a  Bcc: x b");
  CHECK(clean_text(std::string_view{"a\0b", 3}) == "a b");
  CHECK(clean_text("\xC3") == "\xEF\xBF\xBD");
  CHECK(clean_text("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong '/'
  CHECK(clean_text("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  CHECK(clean_text("\xF0\x9F\x9A\x93 é €") == "\xF0\x9F\x9A\x93 é €");
  CHECK(clean_text("\xF4\x90\x80\x80").find('\xF4') == std::string::npos);  // past U+10FFFF
  CHECK(clean_text("\xEF\xBF\xBE") == " ");
  CHECK(clean_text("\xC2\x85") == " ");
}

TEST_CASE("text: cleaning is idempotent and leaves no control character, whatever the bytes") {
  std::mt19937 random{7};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string clean = clean_text(bytes);
    CHECK(clean_text(clean) == clean);
    for (const char c : clean) {
      const auto byte = static_cast<unsigned char>(c);
      CHECK(byte >= 0x20);
      CHECK(byte != 0x7F);
    }
  }
}

TEST_CASE("key: encoded keys are plain, and two keys never become one") {
  CHECK(encode_key("inc-42_a") == "inc-42_a");
  CHECK(encode_key("a b,<&") == "a%20b%2C%3C%26");
  CHECK(encode_key("a%20b") == "a%2520b");
  std::mt19937 random{11};
  std::set<std::string> keys;
  std::set<std::string> encoded;
  for (int i = 0; i < 3000; ++i) {
    std::string key(1 + random() % 3, '\0');
    for (char& c : key) c = static_cast<char>(random());
    keys.insert(key);
    encoded.insert(encode_key(key));
  }
  CHECK(keys.size() == encoded.size());
  for (const std::string& one : encoded)
    CHECK(one.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_%") ==
          std::string::npos);
}

TEST_CASE("time: metropolitan France changes at 01:00 UTC on the last Sundays") {
  constexpr std::int64_t second = 1'000'000;
  const std::int64_t spring = 1'774'746'000 * second;  // 2026-03-29T01:00Z
  const std::int64_t autumn = 1'792'890'000 * second;  // 2026-10-25T01:00Z
  CHECK(french_offset_minutes(spring - 1) == 60);
  CHECK(french_offset_minutes(spring) == 120);
  CHECK(french_offset_minutes(autumn - 1) == 120);
  CHECK(french_offset_minutes(autumn) == 60);
  CHECK(cap_time(civil_in({}, spring)) == "2026-03-29T03:00:00+02:00");
  CHECK(cap_time(civil_in({}, autumn)) == "2026-10-25T02:00:00+01:00");
}

TEST_CASE("time: CAP times have a numeric offset, never Z, and UTC is -00:00") {
  constexpr std::int64_t at = 1'795'281'240'999'999;
  CHECK(cap_time(civil_in({}, at)) == "2026-11-21T18:14:00+01:00");
  CHECK(cap_time(civil_in({false, 240}, at)) == "2026-11-21T21:14:00+04:00");
  CHECK(cap_time(civil_in({false, -240}, at)) == "2026-11-21T13:14:00-04:00");
  CHECK(cap_time(civil_in({false, 0}, at)) == "2026-11-21T17:14:00-00:00");
  CHECK(rfc3339_utc(at) == "2026-11-21T17:14:00.999Z");
}

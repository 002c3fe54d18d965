// SPDX-License-Identifier: Apache-2.0
#include "gateway/byte_range.hpp"

#include <doctest/doctest.h>

using namespace vigie::gateway;

TEST_SUITE("gateway/byte_range") {
  TEST_CASE("range: what each form asks of a file of 1,000 bytes") {
    struct row {
      std::string_view field;
      byte_range expected;
    };
    constexpr auto whole = byte_range{range_outcome::whole, 0, 1000};
    constexpr auto none = byte_range{range_outcome::unsatisfiable, 0, 0};
    const auto part = [](std::uint64_t offset, std::uint64_t length) {
      return byte_range{range_outcome::part, offset, length};
    };
    const row table[] = {
        {"", whole},
        {"bytes=0-", part(0, 1000)},
        {"bytes=0-0", part(0, 1)},
        {"bytes=0-999", part(0, 1000)},
        {"bytes=500-", part(500, 500)},
        {"bytes=999-", part(999, 1)},
        {"bytes=10-5000", part(10, 990)},
        {"bytes=-1", part(999, 1)},
        {"bytes=-1000", part(0, 1000)},
        {"bytes=-5000", part(0, 1000)},
        {"Bytes=1-2", part(1, 2)},
        {"bytes= 1-2 ", part(1, 2)},
        {"bytes=1000-", none},
        {"bytes=18446744073709551615-", none},
        {"bytes=-0", none},
        // Ignored, as RFC 9110 §14.2 allows:
        {"bytes=5-4", whole},
        {"bytes=0-1,5-6", whole},
        {"bytes=a-b", whole},
        {"bytes=", whole},
        {"bytes=-", whole},
        {"bytes=--1", whole},
        {"bytes=1--2", whole},
        {"bytes=+1-2", whole},
        {"bytes=18446744073709551616-", whole},
        {"bytes 0-1", whole},
        {"lines=0-1", whole},
        {"bytesx=0-1", whole},
    };
    for (const auto& [field, expected] : table) {
      CAPTURE(field);
      CHECK(parse_range(field, 1000) == expected);
    }
  }

  TEST_CASE("range: an empty file has no part") {
    CHECK(parse_range("bytes=0-", 0).outcome == range_outcome::unsatisfiable);
    CHECK(parse_range("bytes=-5", 0).outcome == range_outcome::unsatisfiable);
    CHECK(parse_range("", 0) == byte_range{range_outcome::whole, 0, 0});
  }
}

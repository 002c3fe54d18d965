// SPDX-License-Identifier: Apache-2.0
#include "domain/retention.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"

using namespace vigie;
using namespace vigie::domain;

namespace {
std::string expiry(const char* captured, std::uint32_t days) {
  return to_rfc3339(expiry_of(*from_rfc3339(captured), days));
}
}  // namespace

TEST_CASE("retention: the authorised days count in whole days of 24 hours") {
  CHECK(expiry("2026-11-21T20:15:33.400Z", 15) == "2026-12-06T20:15:33.400Z");
  CHECK(expiry("2026-11-21T20:15:33.400Z", 0) == "2026-11-21T20:15:33.400Z");
  // Over the change of local time nothing happens: the calendar is UTC's.
  CHECK(expiry("2026-10-24T22:30:00.000Z", 2) == "2026-10-26T22:30:00.000Z");
}

TEST_CASE("retention: one calendar month is the most, whatever is authorised (LEG-30)") {
  CHECK(expiry("2026-11-21T10:00:00.000Z", 30) == "2026-12-21T10:00:00.000Z");
  CHECK(expiry("2026-11-21T10:00:00.000Z", 31) == "2026-12-21T10:00:00.000Z");
  CHECK(expiry("2026-11-21T10:00:00.000Z", 4'000'000'000) == "2026-12-21T10:00:00.000Z");
  CHECK(expiry("2026-12-15T10:00:00.000Z", 31) == "2027-01-15T10:00:00.000Z");
}

TEST_CASE("retention: a month ends on the last day of a shorter month") {
  CHECK(expiry("2026-01-28T10:00:00.000Z", 30) == "2026-02-27T10:00:00.000Z");
  CHECK(expiry("2026-01-28T10:00:00.000Z", 31) == "2026-02-28T10:00:00.000Z");
  CHECK(expiry("2026-01-29T10:00:00.000Z", 31) == "2026-02-28T10:00:00.000Z");
  CHECK(expiry("2026-01-31T23:59:59.999Z", 30) == "2026-02-28T23:59:59.999Z");
  CHECK(expiry("2028-01-31T10:00:00.000Z", 30) == "2028-02-29T10:00:00.000Z");
  CHECK(expiry("2100-01-31T10:00:00.000Z", 31) == "2100-02-28T10:00:00.000Z");  // not a leap year
  CHECK(expiry("2028-02-29T10:00:00.000Z", 31) == "2028-03-29T10:00:00.000Z");
  CHECK(expiry("2026-02-10T10:00:00.000Z", 30) == "2026-03-10T10:00:00.000Z");  // 28 days later
  CHECK(expiry("2026-03-31T10:00:00.000Z", 31) == "2026-04-30T10:00:00.000Z");
}

TEST_CASE("retention: no picture of four years is kept past a month, or a minute past its days") {
  for (utc_us t = *from_rfc3339("2026-01-01T12:00:00Z"); t < *from_rfc3339("2030-01-01T00:00:00Z");
       t += 86'400'000'000) {
    const auto expires = expiry_of(t, 30);
    CHECK(expires > t + 27LL * 86'400'000'000);
    CHECK(expires <= t + 30LL * 86'400'000'000);
    CHECK(expires <= expiry_of(t + 86'400'000'000, 30));  // the earlier one never outlives a later
    CHECK_FALSE(is_expired(t, 30, expires - 1));
    CHECK(is_expired(t, 30, expires));
  }
}

// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "domain/purpose.hpp"
#include "domain/site_event.hpp"

using namespace vigie::domain;

TEST_SUITE("domain/names") {
  TEST_CASE("purposes: every name reads back as itself, others are refused") {
    for (int p = 1; p <= static_cast<int>(purpose::open_to_public_safety); ++p) {
      const auto value = static_cast<purpose>(p);
      CHECK_FALSE(name_of(value).empty());
      CHECK(purpose_from(name_of(value)) == value);
    }
    CHECK_FALSE(purpose_from("curiosity"));
    CHECK_FALSE(purpose_from(""));
  }

  TEST_CASE("regimes: every name reads back as itself, others are refused") {
    for (int r = 1; r <= static_cast<int>(regime::shop_frontage); ++r) {
      const auto value = static_cast<regime>(r);
      CHECK(regime_from(name_of(value)) == value);
    }
    CHECK_FALSE(regime_from("public road"));
  }

  TEST_CASE("events: named as on the bus") {
    CHECK(name_of(site_event_type::camera_down) == "camera_down");
    CHECK(name_of(site_event_type::camera_degraded) == "camera_degraded");
    CHECK(name_of(site_event_type::camera_restored) == "camera_restored");
    CHECK(name_of(site_event_type::site_outage) == "site_outage");
    CHECK(name_of(site_event_type::site_restored) == "site_restored");
  }
}

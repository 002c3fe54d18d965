// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_gate.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using domain::analysis_purpose;

TEST_CASE("analysis gate: a technical analysis looks; every other is denied by a named rule") {
  CHECK(domain::may_analyse(analysis_purpose::technical));
  const auto statistics = domain::may_analyse(analysis_purpose::statistical);
  REQUIRE_FALSE(statistics);
  CHECK(statistics.error().code == errc::access_denied);
  CHECK(statistics.error().detail.starts_with("LEG-57"));
  const auto security = domain::may_analyse(analysis_purpose::security_event);
  REQUIRE_FALSE(security);
  CHECK(security.error().detail.starts_with("LEG-50"));
}

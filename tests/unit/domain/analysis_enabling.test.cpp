// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_enabling.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"

using namespace vigie;
using namespace vigie::domain;

namespace {

proposal decided(std::string subject) {
  proposal p;
  p.change = sensitive_change::enable_analytics;
  p.subject = std::move(subject);
  p.author = "alba";
  p.reason = "burglaries in the holidays";
  p.state = proposal_state::confirmed;
  p.decided_by = "bruno";
  p.decided_at = 1'780'000'000'000'000;
  return p;
}

constexpr auto text = "fr.vigie.zone_intrusion cam-0003 until 2026-12-31";

}  // namespace

TEST_CASE("enabling: a subject names plugin, camera and last day in local time, or an instant") {
  const auto day = enabling_subject_from(text);
  REQUIRE(day);
  CHECK(day->plugin == "fr.vigie.zone_intrusion");
  CHECK(day->camera == camera_id{"cam-0003"});
  CHECK(to_rfc3339(day->until) == "2026-12-31T23:00:00.000Z");
  const auto instant = enabling_subject_from("a.b c until 2026-06-30T10:00:00Z");
  REQUIRE(instant);
  CHECK(to_rfc3339(instant->until) == "2026-06-30T10:00:00.000Z");
  for (const auto* other :
       {"", " ", "a.b", "a.b cam until", "a.b cam until ", "a.b cam till 2026-12-31",
        "a.b CAM until 2026-12-31", "a.b cam until 2026-13-31", "a.b cam until 2026-12-31 ",
        "a.b  cam until 2026-12-31", " a.b cam until 2026-12-31", "a.b cam until tomorrow"})
    CHECK_FALSE(enabling_subject_from(other));
}

TEST_CASE("enabling: only what two different persons confirmed counts, from when they did") {
  const auto good = decided(text);
  const auto enabled = enablings_of(std::vector{good});
  REQUIRE(enabled.size() == 1);
  CHECK(enabled[0].administrator == "alba");
  CHECK(enabled[0].privacy_officer == "bruno");
  CHECK(enabled[0].from == good.decided_at);
  auto open = good;
  open.state = proposal_state::open;
  auto rejected = good;
  rejected.state = proposal_state::rejected;
  auto alone = good;
  alone.decided_by = "alba";
  auto mask = good;
  mask.change = sensitive_change::mask_removal;
  auto garbled = good;
  garbled.subject = "all of it";
  CHECK(enablings_of(std::vector{open, rejected, alone, mask, garbled}).empty());
}

TEST_CASE("enabling: the last decision counts, so that a day gone by ends it") {
  const auto first = decided("a.b cam until 2030-01-01");
  const auto last = decided("a.b cam until 2026-01-01");
  const auto other = decided("a.b cam-2 until 2028-01-01");
  const auto enabled = enablings_of(std::vector{last, other, first});
  REQUIRE(enabled.size() == 2);
  CHECK(to_rfc3339(enabled[0].until) == "2026-01-01T23:00:00.000Z");
}

// SPDX-License-Identifier: Apache-2.0
#include "domain/incident_grouping.hpp"

#include <doctest/doctest.h>

#include "domain/incident_priority.hpp"
#include "unit/domain/incident_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace std::chrono_literals;

namespace {

alarm_signal signal_of(std::string source, incident_kind kind = incident_kind::tampering) {
  return {incident_origin::vendor_event, kind, commune_id{"95127"}, site_id{"college"},
          std::move(source)};
}

}  // namespace

TEST_CASE("grouping: ten thousand raises a second end as one incident with a count") {
  incident_grouping grouping;
  manual_clock time;
  // Two thousand other causes are open already.
  for (int c = 0; c < 2000; ++c) {
    const auto id = "o" + std::to_string(c);
    REQUIRE(grouping.take(signal_of("c" + std::to_string(c)), incident_id{id}, time.mono()).is_new);
  }
  const auto storm = signal_of("mad-panel", incident_kind::panic);
  std::size_t raised = 0, told = 0, late = 0;
  std::uint64_t count = 0, most_work = 0;
  for (int n = 0; n < 100'000; ++n) {  // ten seconds of it
    time.advance(100us);
    const auto before = grouping.comparisons();
    const auto got = grouping.take(storm, incident_id{"storm"}, time.mono());
    most_work = std::max(most_work, grouping.comparisons() - before);
    CHECK(got.incident == incident_id{"storm"});
    raised += got.is_new ? 1U : 0U;
    told += got.is_worth_telling ? 1U : 0U;
    count = got.count;
    if (n % 1000 != 500) continue;
    // Somebody else in the middle of it: raised in the very same call.
    const auto id = incident_id{"n" + std::to_string(n)};
    const auto other = grouping.take(signal_of("n" + std::to_string(n)), id, time.mono());
    if (!other.is_new || other.incident != id || !other.is_worth_telling) ++late;
  }
  CHECK(raised == 1);
  CHECK(count == 100'000);
  CHECK(told <= 11);
  CHECK(late == 0);
  CHECK(grouping.open_causes() == 2000 + 1 + 100);
  CHECK(most_work <= 26);  // twice the depth of a balanced tree of 2,101 is 24; and the last two
}

TEST_CASE("grouping: detectors of one site share an intrusion, not a panic button") {
  incident_grouping grouping;
  CHECK(grouping.take(signal_of("a", incident_kind::intrusion), incident_id{"i1"}, 0).is_new);
  CHECK_FALSE(grouping.take(signal_of("b", incident_kind::intrusion), incident_id{"i2"}, 0).is_new);
  CHECK(grouping.take(signal_of("a", incident_kind::panic), incident_id{"i3"}, 0).is_new);
  CHECK(grouping.take(signal_of("b", incident_kind::panic), incident_id{"i4"}, 0).is_new);
}

TEST_CASE("grouping: once closed, the cause raises a new incident; a stranger closes nothing") {
  incident_grouping grouping;
  const incident_bench b;
  REQUIRE(grouping.take(b.first, b.state.id, 0).is_new);
  auto stranger = b.state;
  stranger.id = incident_id{"i2"};
  CHECK_FALSE(grouping.forget(stranger));
  CHECK(grouping.forget(b.state));
  CHECK(grouping.open_causes() == 0);
  CHECK(grouping.take(b.first, incident_id{"i3"}, 0).is_new);
}

TEST_CASE("priority: the score is the sum of its reasons, each told in two languages") {
  for (const auto s : all_incident_states) {
    incident_bench b;
    b.lead_to(s);
    b.state.signals = 1'000'000;
    b.wait(5min);
    const auto p = priority_of(b.state, b.now());
    std::int32_t sum = 0;
    for (const auto& r : p.reasons) {
      CHECK_FALSE(r.en.empty());
      CHECK_FALSE(r.fr.empty());
      sum += r.points;
    }
    CHECK(p.score == sum);
    CHECK_FALSE(p.reasons.empty());
  }
}

TEST_CASE("priority: a quiet panic button goes before a shouting camera; waiting and help count") {
  incident_bench b;
  auto panic = b.state;
  panic.kind = incident_kind::panic;
  auto camera = b.state;
  camera.kind = incident_kind::camera_outage;
  camera.signals = 1'000'000'000;
  CHECK(comes_before(panic, camera, b.now()));
  CHECK_FALSE(comes_before(camera, panic, b.now()));
  CHECK_FALSE(comes_before(panic, panic, b.now()));
  const auto fresh = priority_of(b.state, b.now()).score;
  b.wait(5min);
  CHECK(priority_of(b.state, b.now()).score == fresh + 5);
  b.state.state = incident_state::escalated;
  CHECK(priority_of(b.state, b.now()).score == fresh + 45);
}

// SPDX-License-Identifier: Apache-2.0
#include "domain/viewing.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::domain;
using std::chrono::sys_days;

namespace {

constexpr std::uint8_t weekdays = 0x1f;
constexpr std::uint8_t friday = 0x10;

/// The instant the wall clock shows this; the earlier one when it comes twice.
utc_us at(int y, unsigned m, unsigned d, int hour, int minute) {
  const calendar_date day{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
  const auto found = instants_of(day, static_cast<std::uint16_t>(hour * 60 + minute));
  // Also called before doctest runs; an hour the clock skips would show as 1970.
  return found.empty() ? utc_us{0} : found.front();
}

const utc_us now = at(2026, 11, 24, 14, 0);  // a Tuesday

struct bench {
  commune_entry commune{commune_id{"95018"}, "Argenteuil", {}};
  site_id site{"mall"};
  camera_entry camera;
  person who;
  view_claim claim{"ana", commune_id{"95018"}, "rescue_and_fire", "fumée signalée"};
  viewing_kind kind = viewing_kind::live;
  alarm_proof alarm = alarm_proof::none_named;

  bench() {
    camera.id = camera_id{"cam-1"};
    camera.purposes = {purpose::rescue_and_fire};
    who.name = "ana";
    who.is_on_duty = true;
    who.has_live_right = who.has_replay_right = true;
    who.approval = viewing_approval{"95", now - 1, now + 10};
    who.communes = {commune_id{"95018"}};
  }
  std::optional<access_refusal> ask(utc_us when = now) const {
    return viewing_obstacle(&who, kind, claim, {commune, site, camera}, alarm, when);
  }
};

}  // namespace

TEST_CASE("viewing: with everything in order nothing is in the way") {
  bench b;
  CHECK_FALSE(b.ask().has_value());
  b.kind = viewing_kind::replay;
  CHECK_FALSE(b.ask().has_value());
}

TEST_CASE("viewing: each missing condition is refused by its own rule") {
  struct row {
    const char* what;
    void (*spoil)(bench&);
    access_refusal refused;
  };
  const row rows[] = {
      {"no reason", [](bench& b) { b.claim.reason = " \t"; }, access_refusal::reason_missing},
      {"suspended", [](bench& b) { b.who.is_suspended = true; }, access_refusal::person_suspended},
      {"auditor", [](bench& b) { b.who.role = centre_role::auditor; },
       access_refusal::role_may_not},
      {"supervisor", [](bench& b) { b.who.role = centre_role::supervisor; },
       access_refusal::role_may_not},
      {"clerk live", [](bench& b) { b.who.role = centre_role::requisition_clerk; },
       access_refusal::role_may_not},
      {"no live right", [](bench& b) { b.who.has_live_right = false; },
       access_refusal::no_live_right},
      {"off duty", [](bench& b) { b.who.is_on_duty = false; }, access_refusal::off_duty},
      {"no approval", [](bench& b) { b.who.approval.reset(); }, access_refusal::approval_missing},
      {"approval suspended", [](bench& b) { b.who.approval->is_suspended = true; },
       access_refusal::approval_suspended},
      {"other department", [](bench& b) { b.who.approval->department = "60"; },
       access_refusal::approval_elsewhere},
      {"other commune", [](bench& b) { b.who.communes = {commune_id{"95127"}}; },
       access_refusal::other_commune},
      {"wrong authority", [](bench& b) { b.claim.authority = commune_id{"95127"}; },
       access_refusal::wrong_authority},
      {"wrong purpose", [](bench& b) { b.claim.purpose = "terrorism_prevention"; },
       access_refusal::purpose_not_authorised},
      {"no purpose", [](bench& b) { b.claim.purpose = "curiosity"; },
       access_refusal::purpose_not_authorised},
      {"premises", [](bench& b) { b.camera.legal_regime = regime::open_to_public; },
       access_refusal::not_designated},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    bench b;
    r.spoil(b);
    CHECK(b.ask() == r.refused);
  }
  bench b;
  CHECK(b.ask(now + 10) == access_refusal::approval_expired);
  CHECK(viewing_obstacle(nullptr, b.kind, b.claim, {b.commune, b.site, b.camera}, b.alarm, now) ==
        access_refusal::unknown_person);
}

TEST_CASE("viewing: live and replay are separate rights (LEG-07)") {
  bench b;
  b.who.has_replay_right = false;
  CHECK_FALSE(b.ask().has_value());
  b.kind = viewing_kind::replay;
  CHECK(b.ask() == access_refusal::no_replay_right);
  b.who.has_replay_right = true;
  b.who.role = centre_role::requisition_clerk;
  CHECK_FALSE(b.ask().has_value());
}

TEST_CASE("viewing: a mayor sees the own commune without approval or duty, and no other (LEG-04)") {
  bench b;
  b.who.role = centre_role::mayor;
  b.who.approval.reset();
  b.who.is_on_duty = false;
  CHECK_FALSE(b.ask().has_value());
  b.commune.id = commune_id{"95127"};
  CHECK(b.ask() == access_refusal::other_commune);
  b.commune.id = commune_id{"95018"};
  b.camera.legal_regime = regime::shop_frontage;
  CHECK(b.ask() == access_refusal::owner_sees_nothing);
}

TEST_CASE("viewing: premises open to the public take their controller's designation (LEG-08)") {
  bench b;
  b.camera.legal_regime = regime::open_to_public;
  b.who.approval.reset();
  b.who.designations = {site_id{"other"}};
  CHECK(b.ask() == access_refusal::not_designated);
  b.who.designations.emplace_back("mall");
  CHECK_FALSE(b.ask().has_value());
  b.camera.legal_regime = regime::public_road;  // and the designation is worth nothing on the road
  CHECK(b.ask() == access_refusal::approval_missing);
}

TEST_CASE("viewing: outside the commune's hours only an open alarm of it opens live images") {
  bench b;
  b.commune.viewing_windows = std::vector<viewing_window>{{weekdays, {20 * 60, 6 * 60}}};
  CHECK(b.ask() == access_refusal::outside_window);
  b.alarm = alarm_proof::open_here;
  CHECK(b.ask() == access_refusal::outside_window);  // not subscribed
  b.commune.has_alarm_exception = true;
  CHECK_FALSE(b.ask().has_value());
  b.alarm = alarm_proof::unknown;
  CHECK(b.ask() == access_refusal::alarm_unknown);
  b.alarm = alarm_proof::none_named;
  CHECK(b.ask() == access_refusal::outside_window);
  b.kind = viewing_kind::replay;
  CHECK_FALSE(b.ask().has_value());  // the hours are those of live watching
  b.kind = viewing_kind::live;
  b.who.role = centre_role::mayor;
  CHECK_FALSE(b.ask().has_value());  // the hours bind the centre, not the authority itself
  b.who.role = centre_role::video_operator;
  b.commune.viewing_windows.emplace();
  b.commune.viewing_windows->clear();
  CHECK(b.ask() == access_refusal::outside_window);  // it only records for this commune
}

TEST_CASE("windows: a night belongs to the day it begins on") {
  const std::vector<viewing_window> w{{friday, {22 * 60, 6 * 60}}};
  CHECK_FALSE(is_open(w, at(2026, 11, 27, 21, 59)));
  CHECK(is_open(w, at(2026, 11, 27, 22, 0)));
  CHECK(is_open(w, at(2026, 11, 28, 5, 59)));
  CHECK_FALSE(is_open(w, at(2026, 11, 28, 6, 0)));
  CHECK_FALSE(is_open(w, at(2026, 11, 28, 22, 0)));  // Saturday evening
  CHECK_FALSE(is_open(w, at(2026, 11, 27, 5, 0)));   // the night from Thursday
  CHECK_FALSE(is_open({}, now));
}

TEST_CASE("windows: on the days of the clock change the wall decides, minute by minute") {
  const std::vector<viewing_window> w{{0x7f, {2 * 60, 3 * 60}}};
  const auto open_minutes = [&](int y, unsigned m, unsigned d) {
    const auto from = at(y, m, d, 0, 0);
    const auto until = at(y, m, d + 1, 0, 0);
    int open = 0;
    for (auto t = from; t < until; t += 60'000'000) open += is_open(w, t) ? 1 : 0;
    return std::pair{open, (until - from) / 3'600'000'000};
  };
  CHECK(open_minutes(2026, 6, 10) == std::pair{60, std::int64_t{24}});
  CHECK(open_minutes(2027, 3, 28) == std::pair{0, std::int64_t{23}});     // 02:00 does not come
  CHECK(open_minutes(2026, 10, 25) == std::pair{120, std::int64_t{25}});  // and here twice
  // A night across the change ends when the wall says so.
  const std::vector<viewing_window> night{{0x7f, {22 * 60, 6 * 60}}};
  const auto begins = at(2026, 10, 24, 22, 0);
  CHECK(is_open(night, begins + 9 * 3'600'000'000 - 1));
  CHECK_FALSE(is_open(night, begins + 9 * 3'600'000'000));
  const auto spring = at(2027, 3, 27, 22, 0);
  CHECK(is_open(night, spring + 7 * 3'600'000'000 - 1));
  CHECK_FALSE(is_open(night, spring + 7 * 3'600'000'000));
}

// SPDX-License-Identifier: Apache-2.0
#include "app/viewing_desk.hpp"

#include <doctest/doctest.h>

#include "bus/codec.hpp"
#include "recording/day_index.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::app;
using namespace std::chrono_literals;
using domain::access_refusal;

namespace {

domain::topology two_communes() {
  domain::topology t;
  for (const auto* code : {"95018", "95127"}) {
    domain::camera_entry camera;
    camera.id = camera_id{std::string{"cam-"} + code};
    camera.purposes = {domain::purpose::rescue_and_fire,
                       domain::purpose::persons_and_property_safety};
    auto second = camera;
    second.id = camera_id{std::string{"second-"} + code};
    domain::site_entry site{site_id{std::string{"site-"} + code}, "S", "school", {camera, second}};
    t.communes.push_back({commune_id{code}, code, {site}});
  }
  return t;
}

struct bench {
  test::memory_folder folder;
  manual_clock time;
  domain::topology centre = two_communes();
  camera_places places{centre};
  people::roster roster;
  journal::access_journal journal = [&] {
    auto opened = journal::access_journal::open(folder / "journal.db");
    REQUIRE(opened.has_value());
    return *std::move(opened);
  }();
  recording::day_indexes indexes{folder / "recordings"};
  recording::catalogue recordings{indexes};
  gateway::token_mint mint{secret{std::string(32, 'k')}, time};
  std::set<std::string> watched;
  std::set<std::string> alarms;
  viewing_desk desk{
      {places, roster, journal, recordings, mint, time, "http://127.0.0.1:1",
       [this] { return watched; },
       [this](const commune_id&, const std::string& a) { return alarms.contains(a); }}};
  domain::person ana;

  bench() {
    ana.name = "ana";
    ana.is_on_duty = true;
    ana.has_live_right = ana.has_replay_right = true;
    ana.communes = {commune_id{"95018"}, commune_id{"95127"}};
    ana.approval = domain::viewing_approval{"95", 0, time.utc() + 3'600'000'000};
    roster.replace({ana});
  }
  static bus::live_open_request live(const std::string& commune = "95018",
                                     const std::string& reason = "fumée") {
    return {"c", camera_id{"cam-" + commune}, commune_id{commune}, "rescue_and_fire", reason, {}};
  }
  std::string session_of(const bus::live_open_request& ask, const std::string& user = "ana") {
    const auto told = desk.open_live(user, ask);
    REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().detail));
    const auto grant = bus::decode<bus::live_grant>(*told);
    REQUIRE(grant.has_value());
    token = grant->url.substr(grant->url.rfind('/') + 1);
    return grant->session;
  }
  std::vector<journal::recorded_entry> entries() {
    auto all = journal.query({0, time.utc() + 1, 0, 1000});
    REQUIRE(all.has_value());
    return *std::move(all);
  }
  std::string token;
};

}  // namespace

TEST_CASE("viewing desk: one session for one reason, another for another commune or reason") {
  bench b;
  const auto first = b.session_of(bench::live());
  CHECK(b.session_of(bench::live()) == first);
  auto second = bench::live();
  second.camera = camera_id{"second-95018"};
  CHECK(b.session_of(second) == first);
  const auto elsewhere = b.session_of(bench::live("95127"));
  CHECK(elsewhere != first);
  CHECK(b.session_of(bench::live("95018", "autre motif")) != first);
  CHECK(b.desk.open_sessions() == 3);
  const auto all = b.entries();
  REQUIRE(all.size() == 5);  // one for each time images were opened
  CHECK(all[0].entry.author == "ana");
  CHECK(all[0].entry.authority == commune_id{"95018"});
  CHECK(all[0].entry.detail == "opens a session");
  CHECK(first == "view-" + std::to_string(all[0].sequence));
  CHECK(all[2].entry.detail == "in session " + first);
  CHECK(all[3].entry.authority == commune_id{"95127"});
  CHECK(all[3].entry.detail == "opens a session");
}

TEST_CASE("viewing desk: who may not sees nothing, and no grant is made (red team)") {
  bench b;
  auto bob = b.ana;
  bob.name = "bob";
  bob.approval.reset();
  auto mayor = b.ana;
  mayor.name = "mayor";
  mayor.role = domain::centre_role::mayor;
  mayor.communes = {commune_id{"95018"}};
  auto suspended = b.ana;
  suspended.name = "sam";
  suspended.is_suspended = true;
  auto stranger = b.ana;
  stranger.name = "oise";
  stranger.approval->department = "60";
  b.roster.replace({b.ana, bob, mayor, suspended, stranger});
  const auto refusal = [&](const char* user, const bus::live_open_request& ask) {
    const auto told = b.desk.open_live(user, ask);
    REQUIRE_FALSE(told.has_value());
    return told.error().detail;
  };
  CHECK(refusal("eve", bench::live()) == to_error(access_refusal::unknown_person).detail);
  CHECK(refusal("", bench::live()) == to_error(access_refusal::unknown_person).detail);
  CHECK(refusal("bob", bench::live()) == to_error(access_refusal::approval_missing).detail);
  CHECK(refusal("sam", bench::live()) == to_error(access_refusal::person_suspended).detail);
  CHECK(refusal("oise", bench::live()) == to_error(access_refusal::approval_elsewhere).detail);
  CHECK(refusal("mayor", bench::live("95127")) == to_error(access_refusal::other_commune).detail);
  auto borrowed = bench::live();
  borrowed.authority = commune_id{"95127"};
  CHECK(refusal("ana", borrowed) == to_error(access_refusal::wrong_authority).detail);
  auto unknown = bench::live();
  unknown.camera = camera_id{"cam-0"};
  CHECK(b.desk.open_live("ana", unknown).error().code == errc::not_found);
  auto alarmed = bench::live();
  alarmed.alarm = "inc-1";
  b.session_of(alarmed);  // within the hours nobody asks for the alarm
  CHECK(b.entries().size() == 1);
  b.session_of(bench::live(), "mayor");
}

TEST_CASE("viewing desk: when the journal cannot be written there is no grant (LEG-33)") {
  bench b;
  b.session_of(bench::live());
  auto taken = storage::database::open(b.folder / "journal.db", storage::durability::full);
  REQUIRE(taken.has_value());
  auto lock = storage::transaction::begin(*taken);  // as a disk that takes nothing
  REQUIRE(lock.has_value());
  CHECK_FALSE(b.desk.open_live("ana", bench::live("95127")).has_value());
  CHECK(b.desk.open_sessions() == 1);
}

TEST_CASE("viewing desk: a right that ends takes the session and its tokens with it") {
  struct row {
    const char* what;
    void (*spoil)(bench&);
    access_refusal why;
  };
  const row rows[] = {
      {"suspended", [](bench& b) { b.ana.is_suspended = true; }, access_refusal::person_suspended},
      {"off duty", [](bench& b) { b.ana.is_on_duty = false; }, access_refusal::off_duty},
      {"approval suspended", [](bench& b) { b.ana.approval->is_suspended = true; },
       access_refusal::approval_suspended},
      {"another role", [](bench& b) { b.ana.role = domain::centre_role::auditor; },
       access_refusal::role_may_not},
      {"live right taken", [](bench& b) { b.ana.has_live_right = false; },
       access_refusal::no_live_right},
      {"commune taken", [](bench& b) { b.ana.communes = {commune_id{"95127"}}; },
       access_refusal::other_commune},
      {"gone", [](bench& b) { b.ana.name = "somebody else"; }, access_refusal::unknown_person},
      {"approval over", [](bench& b) { b.time.advance(1h); }, access_refusal::approval_expired},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    bench b;
    const auto session = b.session_of(bench::live());
    REQUIRE(b.mint.verify(b.token, gateway::media_kind::live).has_value());
    b.watched = {session};
    b.desk.review();
    REQUIRE(b.desk.open_sessions() == 1);
    r.spoil(b);
    b.roster.replace({b.ana});
    b.desk.review();
    CHECK(b.desk.open_sessions() == 0);
    CHECK(b.mint.is_revoked(session));
    CHECK_FALSE(b.mint.verify(b.token, gateway::media_kind::live).has_value());
    const auto all = b.entries();
    const auto words = words_of(r.why);
    CHECK(all.back().entry.author == "vigie");
    CHECK(all.back().entry.detail ==
          "ends " + session + " of ana: " + std::string{words.rule} + ": " + std::string{words.en});
  }
}

TEST_CASE("viewing desk: the hours of a commune end what runs, and an alarm keeps it open") {
  bench b;
  auto& commune = b.centre.communes[0];
  const auto local = domain::paris_time(b.time.utc());
  const auto last = static_cast<std::uint16_t>(local.minute + 2);
  REQUIRE(last < 1438);
  commune.viewing_windows = std::vector<domain::viewing_window>{{0x7f, {0, last}}};
  b.session_of(bench::live());
  b.time.advance(2min);
  b.desk.review();
  CHECK(b.desk.open_sessions() == 0);
  CHECK_FALSE(b.desk.open_live("ana", bench::live()).has_value());
  auto alarmed = bench::live();
  alarmed.alarm = "inc-1";
  b.alarms = {"inc-1"};
  CHECK_FALSE(b.desk.open_live("ana", alarmed).has_value());  // not subscribed
  commune.has_alarm_exception = true;
  const auto session = b.session_of(alarmed);
  b.desk.review();
  CHECK(b.desk.open_sessions() == 1);
  b.alarms.clear();  // the alarm is closed
  b.desk.review();
  CHECK(b.desk.open_sessions() == 0);
  CHECK(b.mint.is_revoked(session));
}

TEST_CASE("viewing desk: what nobody watches any more ends by itself") {
  bench b;
  const auto session = b.session_of(bench::live());
  b.time.advance(59s);
  b.desk.review();
  CHECK(b.desk.open_sessions() == 1);
  b.watched = {session};
  b.time.advance(10min);
  b.desk.review();
  CHECK(b.desk.open_sessions() == 1);
  b.watched.clear();
  b.time.advance(61s);
  b.desk.review();
  CHECK(b.desk.open_sessions() == 0);
}

TEST_CASE("viewing desk: one ends the own session, a room chief others' of the own communes") {
  bench b;
  auto bob = b.ana;
  bob.name = "bob";
  auto chief = b.ana;
  chief.name = "chief";
  chief.role = domain::centre_role::room_chief;
  chief.communes = {commune_id{"95127"}};
  b.roster.replace({b.ana, bob, chief});
  const auto session = b.session_of(bench::live());
  CHECK(b.desk.end("bob", {"c", session, "curieux"}).error().detail ==
        to_error(access_refusal::role_may_not).detail);
  CHECK(b.desk.end("chief", {"c", session, "pas ma commune"}).error().detail ==
        to_error(access_refusal::other_commune).detail);
  CHECK(b.desk.end("ana", {"c", "view-99", "x"}).error().code == errc::not_found);
  const auto sessions = [&](const char* user) {
    const auto told = b.desk.list(user, {"c"});
    REQUIRE(told.has_value());
    return bus::decode<bus::sessions_reply>(*told)->sessions.size();
  };
  CHECK(sessions("ana") == 1);
  CHECK(sessions("bob") == 0);
  CHECK(sessions("chief") == 0);
  chief.communes.emplace_back("95018");
  b.roster.replace({b.ana, bob, chief});
  CHECK(sessions("chief") == 1);
  REQUIRE(b.desk.end("chief", {"c", session, "fin de service"}).has_value());
  CHECK(b.mint.is_revoked(session));
  CHECK(b.entries().back().entry.author == "chief");
  CHECK(b.entries().back().entry.reason == "fin de service");
  const auto again = b.session_of(bench::live());
  CHECK(again != session);
  REQUIRE(b.desk.end("ana", {"c", again, "vu"}).has_value());
}

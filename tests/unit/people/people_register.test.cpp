// SPDX-License-Identifier: Apache-2.0
#include "people/people_register.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "people/credential.hpp"
#include "people/proposal_register.hpp"
#include "people/roster.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::people;
using domain::access_refusal;
using domain::centre_role;

namespace {

struct bench {
  test::memory_folder folder;
  manual_clock time;
  people_register people = [&] {
    auto opened = people_register::open(folder / "people.db", time);
    REQUIRE(opened.has_value());
    return *std::move(opened);
  }();
  const std::string hash = hash_password(secret{"a password of ana"}, 4).value_or("");
  const change_note note{"os/root", "first day of work", "add"};

  domain::person ana() const {
    domain::person p;
    p.name = "ana";
    p.full_name = "Ana Léger";
    p.has_live_right = true;
    p.communes = {commune_id{"95018"}, commune_id{"95127"}};
    p.designations = {site_id{"mall"}};
    p.approval = domain::viewing_approval{"95", 10, 20, false};
    return p;
  }
};

}  // namespace

TEST_CASE("register: what was added comes back whole, also after a restart") {
  bench b;
  REQUIRE(b.people.add(b.ana(), b.hash, b.note).has_value());
  auto again = people_register::open(b.folder / "people.db", b.time);
  REQUIRE(again.has_value());
  const auto all = again->all();
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  CHECK(all->front() == b.ana());
  const auto rows = again->credentials();
  REQUIRE(rows.has_value());
  REQUIRE(rows->size() == 1);
  CHECK(matches(secret{"a password of ana"}, rows->front().password_hash));
  struct stat file {};
  REQUIRE(stat((b.folder / "people.db").c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);
}

TEST_CASE("register: a change without reason or author changes nothing") {
  bench b;
  CHECK(b.people.add(b.ana(), b.hash, {"os/root", " ", "add"}).error().code ==
        errc::reason_missing);
  CHECK(b.people.add(b.ana(), b.hash, {"", "why", "add"}).error().code == errc::access_denied);
  CHECK(b.people.all()->empty());
  CHECK(b.people.last_change() == 0);
}

TEST_CASE(
    "register: names that are no ids, known names, bad hashes and bad approvals are refused") {
  bench b;
  for (const auto* name : {"", "Ana", "ana.b", "a b", "ana>", "vigie", "_", "*", "-a"}) {
    auto p = b.ana();
    p.name = name;
    CHECK_MESSAGE(b.people.add(p, b.hash, b.note).error().code == errc::config_invalid, name);
  }
  auto p = b.ana();
  p.approval->valid_until_utc_us = p.approval->valid_from_utc_us;
  CHECK_FALSE(b.people.add(p, b.hash, b.note).has_value());
  CHECK_FALSE(b.people.add(b.ana(), "plain", b.note).has_value());
  REQUIRE(b.people.add(b.ana(), b.hash, b.note).has_value());
  CHECK(b.people.add(b.ana(), b.hash, b.note).error().code == errc::config_invalid);
  CHECK(b.people.all()->size() == 1);
  CHECK(b.people.last_change() == 1);
}

TEST_CASE("register: each change has its line; a change that fails has none") {
  bench b;
  REQUIRE(b.people.add(b.ana(), b.hash, b.note).has_value());
  b.time.advance(std::chrono::seconds{5});
  const change_note why{"bob", "ordre du préfet", "suspend"};
  const auto suspend = [](domain::person& p) -> result<std::string> {
    p.is_suspended = true;
    p.name = "somebody else";  // is not taken
    return "at once";
  };
  REQUIRE(b.people.change("ana", why, suspend).has_value());
  CHECK(b.people.change("eve", why, suspend).error().code == errc::not_found);
  CHECK_FALSE(b.people
                  .change("ana", why,
                          [](domain::person& p) -> result<std::string> {
                            p.is_suspended = false;
                            return fail(errc::access_denied, "no");
                          })
                  .has_value());
  CHECK(b.people.all()->front().is_suspended);
  CHECK(b.people.credentials()->empty());  // a suspended person signs in nowhere
  const auto lines = b.people.unjournalled(10);
  REQUIRE(lines.has_value());
  REQUIRE(lines->size() == 2);
  CHECK(lines->back().note.author == "bob");
  CHECK(lines->back().note.reason == "ordre du préfet");
  CHECK(lines->back().note.what == "suspend");
  CHECK(lines->back().person == "ana");
  CHECK(lines->back().detail == "at once");
  CHECK(lines->back().at == b.time.utc());
  REQUIRE(b.people.note_journalled(lines->front().number).has_value());
  CHECK(b.people.unjournalled(10)->size() == 1);
  REQUIRE(b.people.note_journalled(lines->back().number).has_value());
  REQUIRE(b.people.note_journalled(1).has_value());  // never goes back
  CHECK(b.people.unjournalled(10)->empty());
}

TEST_CASE("register: another process's change is seen by its number") {
  bench b;
  auto other = people_register::open(b.folder / "people.db", b.time);
  REQUIRE(other.has_value());
  CHECK(b.people.last_change() == 0);
  REQUIRE(other->add(b.ana(), b.hash, b.note).has_value());
  CHECK(b.people.last_change() == 1);
  REQUIRE(other->set_password("ana", hash_password(secret{"another password"}, 4).value(), b.note)
              .has_value());
  CHECK(b.people.last_change() == 2);
  CHECK(matches(secret{"another password"}, b.people.credentials()->front().password_hash));
  CHECK(other->set_password("eve", b.hash, b.note).error().code == errc::not_found);
}

TEST_CASE("roster: a reader keeps what it took, a new one sees the new") {
  bench b;
  roster now;
  CHECK(now.people()->empty());
  now.replace({b.ana()});
  const auto source = now.source();
  const auto before = source();
  auto ana = b.ana();
  ana.is_on_duty = true;
  now.replace({ana});
  CHECK_FALSE(before->front().is_on_duty);
  CHECK(source()->front().is_on_duty);
}

TEST_CASE("credentials: a hash opens to its password alone, and bounds are kept") {
  const auto hash = hash_password(secret{"mot de passe très long"}, 4);
  REQUIRE(hash.has_value());
  CHECK(is_password_hash(*hash));
  CHECK(matches(secret{"mot de passe très long"}, *hash));
  CHECK_FALSE(matches(secret{"mot de passe tres long"}, *hash));
  CHECK_FALSE(matches(secret{""}, *hash));
  CHECK_FALSE(matches(secret{"x"}, ""));
  CHECK_FALSE(matches(secret{"x"}, "*0"));
  CHECK(*hash != hash_password(secret{"mot de passe très long"}, 4).value());
  CHECK_FALSE(hash_password(secret{"short"}).has_value());
  CHECK_FALSE(hash_password(secret{std::string(73, 'x')}).has_value());
  CHECK_FALSE(hash_password(secret{"a control\ncharacter"}).has_value());
  CHECK(hash_password(secret{std::string(72, 'x')}, 4).has_value());
}

TEST_CASE("proposals: one proposes, another confirms, once") {
  bench b;
  auto proposals = proposal_register::open(b.folder / "people.db");
  REQUIRE(proposals.has_value());
  auto admin = b.ana();
  admin.role = centre_role::plugin_administrator;
  auto officer = b.ana();
  officer.name = "dpo";
  officer.role = centre_role::privacy_officer;
  const auto what = domain::sensitive_change::enable_analytics;
  const auto now = b.time.utc();
  const auto number = proposals->propose(&admin, what, "zone-intrusion", "new school year", now);
  REQUIRE(number.has_value());
  CHECK(proposals->is_confirmed(what, "zone-intrusion") == false);
  CHECK(proposals->decide(&admin, *number, domain::proposal_state::confirmed, now).error().detail ==
        to_error(access_refusal::same_person).detail);
  CHECK(proposals->decide(nullptr, *number, domain::proposal_state::confirmed, now).error().code ==
        errc::access_denied);
  CHECK(proposals->decide(&officer, 99, domain::proposal_state::confirmed, now).error().code ==
        errc::not_found);
  const auto done =
      proposals->decide(&officer, *number, domain::proposal_state::confirmed, now + 5);
  REQUIRE(done.has_value());
  CHECK(done->decided_by == "dpo");
  CHECK(
      proposals->decide(&officer, *number, domain::proposal_state::rejected, now).error().detail ==
      to_error(access_refusal::proposal_closed).detail);
  CHECK(proposals->is_confirmed(what, "zone-intrusion") == true);
  CHECK(proposals->is_confirmed(what, "zone-intrusion-2") == false);
  CHECK(proposals->is_confirmed(domain::sensitive_change::mask_removal, "zone-intrusion") == false);
  CHECK(proposals->recent(5)->front() == *done);
  CHECK_FALSE(proposals->propose(&officer, what, "x", "y", now).has_value());
  CHECK_FALSE(proposals->propose(&admin, what, "", "y", now).has_value());
}

// SPDX-License-Identifier: Apache-2.0
#include "desk_bench.hpp"

using namespace vigie;
using namespace vigie::domain;
using namespace vigie::incidents;
using test::desk_bench;
using namespace std::chrono_literals;

namespace {

/// What must not change when something is refused.
struct face {
  std::string state, owner;
  std::uint64_t revision = 0;
  std::size_t lines = 0;
  std::size_t told = 0;
  std::size_t sends = 0;
  friend bool operator==(const face&, const face&) = default;
};

face look(desk_bench& b, const incident& i) {
  const auto now = b.room->store().find(i.id, b.now());
  const auto lines = b.room->store().logbook(i.id, 1000);
  REQUIRE(now);
  REQUIRE(*now);
  REQUIRE(lines);
  return {std::string{name_of((*now)->state)},
          (*now)->owner,
          (*now)->revision,
          lines->size(),
          b.changes.size(),
          b.sends.size()};
}

std::vector<journal_row> journalled(desk_bench& b) {
  auto reader = told_reader::open(b.folder.path() / "incidents.db");
  REQUIRE(reader);
  auto rows = reader->journal_after(0, 1000);
  REQUIRE(rows);
  return *rows;
}

/// The act is refused for this reason, in two languages, counted and journalled once; nothing else
/// changes.
void refuse(desk_bench& b, const incident& i, const sender& from, const signed_act& message,
            refused why) {
  const auto before = look(b, i);
  const auto counted = b.room->core().counts().refusals[why];
  const auto lines = journalled(b).size();
  b.one(act_task{from, message, b.keep_answer()});
  REQUIRE(b.refused);
  CHECK(*b.refused == why);
  CHECK_FALSE(words_of(why).en.empty());
  CHECK_FALSE(words_of(why).fr.empty());
  CHECK_FALSE(words_of(why).rule.empty());
  CHECK(b.room->core().counts().refusals[why] == counted + 1);
  const auto journal = journalled(b);
  REQUIRE(journal.size() == lines + 1);
  CHECK(journal.back().act == journal_act::refusal);
  CHECK(journal.back().reason.starts_with(std::string{words_of(why).rule}));
  CHECK(look(b, i) == before);
}

const sender amel{sender_kind::person, "amel"};

}  // namespace

TEST_SUITE_BEGIN("incidents");

TEST_CASE("red team: a plugin calls no verdict and approves nothing, whatever it signs") {
  desk_bench b;
  auto i = *b.raise();
  i = *b.act("amel", i, claim{});
  i = *b.act("amel", i, start_verification{});
  for (const auto kind : {sender_kind::plugin, sender_kind::centre})
    for (const incident_act& what : std::vector<incident_act>{
             record_verdict{verdict_kind::confirmed, "score 1.0"}, approve_notification{},
             propose_notification{recipient_kind::national_police_cic}, domain::close{"done"},
             record_call{"called"}})
      refuse(b, i, {kind, "amel"}, b.message("amel", i, what), refused::not_a_person);
  CHECK(b.sends.empty());
}

TEST_CASE("red team: nobody acts under another's name") {
  desk_bench b;
  const auto i = *b.raise();
  refuse(b, i, amel, b.message("bruno", i, claim{}), refused::forged_author);
  refuse(b, i, {sender_kind::person, "mallory"}, b.message("mallory", i, claim{}),
         refused::unknown_person);
}

TEST_CASE("red team: a message taken once is never taken again") {
  desk_bench b;
  const auto i = *b.raise();
  const auto message = b.message("amel", i, claim{});
  REQUIRE(b.one(act_task{amel, message, b.keep_answer()}));
  const auto claimed = *b.find(i);
  refuse(b, claimed, amel, message, refused::already_claimed);
  REQUIRE(b.act("amel", claimed, release{}));
  refuse(b, *b.find(i), amel, message, refused::replayed);
  auto old = b.message("amel", *b.find(i), claim{});
  b.time.advance(30s);
  REQUIRE(b.one(act_task{amel, old, b.keep_answer()}));
  b.time.advance(31s);
  old.revision = b.find(i)->revision;
  old.act = start_verification{};
  refuse(b, *b.find(i), amel, old, refused::replayed);
}

TEST_CASE("red team: two operators claim at once, one gets it, in one batch, too") {
  desk_bench b;
  const auto i = *b.raise();
  std::vector<taken<incident>> answers;
  const auto keep = [&](taken<incident> what) { answers.push_back(std::move(what)); };
  std::vector<desk_task> both;
  for (const std::string name : {"amel", "bruno"})
    both.emplace_back(act_task{{sender_kind::person, name}, b.message(name, i, claim{}), keep});
  b.run(std::move(both));
  REQUIRE(answers.size() == 2);
  REQUIRE(answers[0]);
  CHECK(answers[0]->owner == "amel");
  REQUIRE_FALSE(answers[1]);
  CHECK(answers[1].error() == refused::already_claimed);
  CHECK(b.find(i)->owner == "amel");
}

TEST_CASE("red team: another commune's incident stays out of reach") {
  desk_bench b;
  const auto i = *b.raise();
  auto message = b.message("amel", i, claim{});
  message.authority = commune_id{"95018"};
  refuse(b, i, amel, message, refused::other_commune);
  (*b.people)[0].communes = {commune_id{"95018"}};
  refuse(b, i, amel, b.message("amel", i, claim{}), refused::other_commune);
}

TEST_CASE("red team: an approval that ends takes the next act with it") {
  desk_bench b;
  auto i = *b.raise();
  i = *b.act("amel", i, claim{});
  auto& amel_now = (*b.people)[0];
  const auto approval = amel_now.approval;
  amel_now.approval->valid_until_utc_us = b.time.utc();
  refuse(b, i, amel, b.message("amel", i, start_verification{}), refused::approval_expired);
  amel_now.approval = approval;
  amel_now.approval->is_suspended = true;
  refuse(b, i, amel, b.message("amel", i, start_verification{}), refused::approval_suspended);
  amel_now.approval.reset();
  refuse(b, i, amel, b.message("amel", i, start_verification{}), refused::approval_missing);
  amel_now.approval = approval;
  amel_now.is_on_duty = false;
  refuse(b, i, amel, b.message("amel", i, start_verification{}), refused::off_duty);
}

TEST_CASE("red team: an oversized text is refused, a missing reason, too") {
  desk_bench b;
  auto i = *b.raise();
  refuse(b, i, amel, b.message("amel", i, add_note{std::string(2001, 'x')}), refused::too_long);
  refuse(b, i, amel, b.message("amel", i, add_note{" \n"}), refused::reason_missing);
}

TEST_CASE("red team: with an empty roster nobody does anything") {
  desk_bench b;
  const auto i = *b.raise();
  b.people->clear();
  refuse(b, i, amel, b.message("amel", i, claim{}), refused::unknown_person);
}

TEST_CASE("red team: a notifier reports on what it was given only, and never delivers by itself") {
  desk_bench b;
  const auto i = *b.raise();
  b.one(report_task{{sender_kind::plugin, "webhook"},
                    "st-1-n1",
                    [](const delivery&) { return std::optional<std::uint32_t>{0}; },
                    {0, delivery_outcome::acknowledged, "", ""}});
  CHECK(b.find(i)->state == incident_state::queued);
  const auto out = b.approved(i);
  b.one(report_task{{sender_kind::plugin, "stranger"},
                    out.notification,
                    [](const delivery&) { return std::optional<std::uint32_t>{}; },
                    {0, delivery_outcome::acknowledged, "", ""}});
  CHECK(b.find(i)->state == incident_state::notification_approved);
  CHECK(b.room->core().counts().refusals[refused::notification_unknown] == 2);
}

TEST_CASE("red team: signals in another's name, or of a place that is none, raise nothing") {
  desk_bench b;
  auto seen = desk_bench::signal("amel");
  seen.origin = incident_origin::operator_seen;
  CHECK_FALSE(b.raise(seen, {sender_kind::plugin, "dc09"}));
  CHECK(b.refused == refused::not_a_person);
  seen.source = "bruno";
  CHECK_FALSE(b.raise(seen, amel));
  CHECK(b.refused == refused::wrong_origin);
  CHECK_FALSE(b.raise(desk_bench::signal(), amel));
  CHECK(b.refused == refused::wrong_origin);
  auto elsewhere = desk_bench::signal();
  elsewhere.site = site_id{"moon"};
  CHECK_FALSE(b.raise(elsewhere));
  CHECK(b.refused == refused::unknown_place);
  CHECK(b.room->core().open().empty());
  CHECK(b.changes.empty());
  // None of it left a trace in the grouping: the first true raise is new.
  CHECK(b.raise()->id.str() == "st-1");
}

TEST_CASE("red team: a flood of refusals is counted whole and journalled in part") {
  desk_bench b;
  const auto i = *b.raise();
  std::vector<desk_task> flood;
  for (int n = 0; n < 5000; ++n)
    flood.emplace_back(act_task{{sender_kind::plugin, "evil"}, b.message("evil", i, claim{}), {}});
  b.run(std::move(flood));
  CHECK(b.room->core().counts().refusals[refused::not_a_person] == 5000);
  CHECK(journalled(b).size() == 50);
  b.time.advance(1s);
  b.one(act_task{{sender_kind::plugin, "evil"}, b.message("evil", i, claim{}), b.keep_answer()});
  CHECK(journalled(b).back().detail.find("4950") != std::string::npos);
}

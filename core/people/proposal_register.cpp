// SPDX-License-Identifier: Apache-2.0
#include "people/proposal_register.hpp"

#include <optional>

#include "people/people_register.hpp"

namespace vigie::people {
namespace {

constexpr std::size_t longest_subject = 200;

constexpr std::string_view columns =
    "number, change, subject, author, reason, proposed_at, state, decided_by, decided_at";

result<domain::proposal> proposal_in(const storage::statement& row) {
  const auto change = domain::sensitive_change_from(row.text(1));
  const auto state = domain::proposal_state_from(row.text(6));
  if (!change || !state) return fail(errc::db_corrupt, "a proposal holds an unknown word");
  return domain::proposal{row.integer(0),
                          *change,
                          row.get<std::string>(2),
                          row.get<std::string>(3),
                          row.get<std::string>(4),
                          row.integer(5),
                          *state,
                          row.get<std::string>(7),
                          row.integer(8)};
}

}  // namespace

result<proposal_register> proposal_register::open(const std::filesystem::path& file) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  if (auto done = prepare_people_schema(*db); !done) return tl::unexpected{done.error()};
  return proposal_register{*std::move(db)};
}

result<std::int64_t> proposal_register::propose(const domain::person* who,
                                                domain::sensitive_change change,
                                                const std::string& subject,
                                                const std::string& reason, utc_us now) {
  if (const auto refused = domain::propose_obstacle(who, change, reason))
    return tl::unexpected{to_error(*refused)};
  if (subject.empty() || subject.size() > longest_subject)
    return fail(errc::config_invalid, "a proposal names its subject in 200 bytes at most");
  auto done = db_.run(
      "INSERT INTO proposal (change, subject, author, reason, proposed_at, state, decided_by,"
      " decided_at) VALUES (?, ?, ?, ?, ?, 'open', '', 0)",
      domain::name_of(change), subject, who->name, reason, now);
  if (!done) return tl::unexpected{done.error()};
  return db_.last_insert_id();
}

result<domain::proposal> proposal_register::decide(const domain::person* who, std::int64_t number,
                                                   domain::proposal_state wanted, utc_us now) {
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  auto found = db_.prepare("SELECT " + std::string{columns} + " FROM proposal WHERE number = ?");
  if (!found) return tl::unexpected{found.error()};
  if (auto bound = found->bind(number); !bound) return tl::unexpected{bound.error()};
  const auto row = found->step();
  if (!row) return tl::unexpected{row.error()};
  if (!*row) return tl::unexpected{to_error(domain::access_refusal::proposal_unknown)};
  auto p = proposal_in(*found);
  if (!p) return p;
  found->reset();
  if (const auto refused = domain::decide_obstacle(who, *p, wanted, now))
    return tl::unexpected{to_error(*refused)};
  p->state = wanted;
  p->decided_by = who->name;
  p->decided_at = now;
  auto done =
      db_.run("UPDATE proposal SET state = ?, decided_by = ?, decided_at = ? WHERE number = ?",
              domain::name_of(wanted), who->name, now, number);
  if (!done) return tl::unexpected{done.error()};
  if (done = all->commit(); !done) return tl::unexpected{done.error()};
  return p;
}

result<std::vector<domain::proposal>> proposal_register::recent(std::size_t limit) {
  auto rows =
      db_.prepare("SELECT " + std::string{columns} + " FROM proposal ORDER BY number DESC LIMIT ?");
  if (!rows) return tl::unexpected{rows.error()};
  if (auto bound = rows->bind(limit); !bound) return tl::unexpected{bound.error()};
  std::vector<domain::proposal> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return out;
    auto p = proposal_in(*rows);
    if (!p) return tl::unexpected{p.error()};
    out.push_back(*std::move(p));
  }
}

result<bool> proposal_register::is_confirmed(domain::sensitive_change change,
                                             const std::string& subject) {
  auto rows = db_.prepare(
      "SELECT 1 FROM proposal WHERE change = ? AND subject = ? AND state = 'confirmed' LIMIT 1");
  if (!rows) return tl::unexpected{rows.error()};
  if (auto bound = rows->bind(domain::name_of(change), subject); !bound)
    return tl::unexpected{bound.error()};
  return rows->step();
}

}  // namespace vigie::people

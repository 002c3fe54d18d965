// SPDX-License-Identifier: Apache-2.0
#include "people/people_register.hpp"

#include <utility>

#include "people/credential.hpp"

namespace vigie::people {
namespace {

constexpr std::string_view person_columns =
    "name, full_name, role, is_suspended, is_on_duty, has_live_right, has_replay_right,"
    " approval_department, approval_from, approval_until, approval_is_suspended";
constexpr std::size_t longest_full_name = 200;
constexpr std::size_t longest_reason = 2000;

result<domain::person> person_in(const storage::statement& row) {
  domain::person p;
  p.name = row.get<std::string>(0);
  p.full_name = row.get<std::string>(1);
  const auto role = domain::role_from(row.text(2));
  if (!role)
    return fail(errc::db_corrupt, "the register gives " + p.name + " a role that does not exist");
  p.role = *role;
  p.is_suspended = row.get<bool>(3);
  p.is_on_duty = row.get<bool>(4);
  p.has_live_right = row.get<bool>(5);
  p.has_replay_right = row.get<bool>(6);
  if (!row.is_null(7))
    p.approval = domain::viewing_approval{row.get<std::string>(7), row.get<utc_us>(8),
                                          row.get<utc_us>(9), row.get<bool>(10)};
  return p;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

result<void> check_note(const change_note& note) {
  if (is_blank(note.reason))
    return tl::unexpected{to_error(domain::access_refusal::reason_missing)};
  if (note.author.empty()) return fail(errc::access_denied, "LEG-33: a change has an author");
  if (note.reason.size() > longest_reason)
    return fail(errc::config_invalid, "a reason has 2,000 bytes at most");
  return {};
}

result<void> check_person(const domain::person& p) {
  if (!is_id_text(p.name))
    return fail(errc::config_invalid, "a name has 1 to 64 characters of a-z, 0-9, _ and -");
  // The names of the centre's own users on the bus.
  if (p.name == "vigie" || p.name == "_")
    return fail(errc::config_invalid, "this name is the centre's own");
  if (p.full_name.size() > longest_full_name)
    return fail(errc::config_invalid, "a full name has 200 bytes at most");
  for (const auto& commune : p.communes)
    if (!is_id_text(commune.str()))
      return fail(errc::config_invalid, "\"" + commune.str() + "\" is no INSEE code");
  if (p.approval && (p.approval->department.empty() ||
                     p.approval->valid_until_utc_us <= p.approval->valid_from_utc_us))
    return fail(errc::config_invalid, "an approval names a department and ends after it begins");
  return {};
}

}  // namespace

people_register::people_register(storage::database db, storage::statement last, const clock& time)
    : db_{std::move(db)}, last_{std::move(last)}, time_{&time} {}

result<people_register> people_register::open(const std::filesystem::path& file,
                                              const clock& time) {
  auto db = storage::database::open(file, storage::durability::full);
  if (!db) return tl::unexpected{db.error()};
  std::error_code ignored;  // hashes are nobody else's business
  std::filesystem::permissions(
      file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  if (auto done = prepare_people_schema(*db); !done) return tl::unexpected{done.error()};
  auto last = db->prepare("SELECT coalesce(max(number), 0) FROM change");
  if (!last) return tl::unexpected{last.error()};
  return people_register{*std::move(db), *std::move(last), time};
}

result<void> people_register::add(const domain::person& who, const std::string& password_hash,
                                  const change_note& note) {
  if (auto ok = check_note(note); !ok) return ok;
  if (auto ok = check_person(who); !ok) return ok;
  if (!is_password_hash(password_hash)) return fail(errc::config_invalid, "no password hash");
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  if (read(who.name)) return fail(errc::config_invalid, who.name + " is in the register already");
  auto done = db_.run(
      "INSERT INTO person (name, full_name, role, is_suspended, is_on_duty, has_live_right,"
      " has_replay_right, password_hash) VALUES (?, '', '', 0, 0, 0, 0, ?)",
      who.name, password_hash);
  if (!done) return done;
  if (done = write(who); !done) return done;
  const auto detail = std::string{domain::name_of(who.role)};
  if (done = log(who.name, detail, note); !done) return done;
  return all->commit();
}

result<void> people_register::change(
    const std::string& name, const change_note& note,
    const std::function<result<std::string>(domain::person&)>& apply) {
  if (auto ok = check_note(note); !ok) return ok;
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  auto who = read(name);
  if (!who) return tl::unexpected{who.error()};
  const auto detail = apply(*who);
  if (!detail) return tl::unexpected{detail.error()};
  who->name = name;
  if (auto ok = check_person(*who); !ok) return ok;
  if (auto done = write(*who); !done) return done;
  if (auto done = log(name, *detail, note); !done) return done;
  return all->commit();
}

result<void> people_register::set_password(const std::string& name,
                                           const std::string& password_hash,
                                           const change_note& note) {
  if (auto ok = check_note(note); !ok) return ok;
  if (!is_password_hash(password_hash)) return fail(errc::config_invalid, "no password hash");
  auto all = storage::transaction::begin(db_);
  if (!all) return tl::unexpected{all.error()};
  auto done = db_.run("UPDATE person SET password_hash = ? WHERE name = ?", password_hash, name);
  if (!done) return done;
  if (db_.changes() == 0) return fail(errc::not_found, "nobody is called " + name);
  if (done = log(name, "", note); !done) return done;
  return all->commit();
}

result<domain::person> people_register::read(const std::string& name) {
  auto found = db_.prepare("SELECT " + std::string{person_columns} + " FROM person WHERE name = ?");
  if (!found) return tl::unexpected{found.error()};
  if (auto bound = found->bind(name); !bound) return tl::unexpected{bound.error()};
  const auto row = found->step();
  if (!row) return tl::unexpected{row.error()};
  if (!*row) return fail(errc::not_found, "nobody is called " + name);
  auto who = person_in(*found);
  if (!who) return who;
  auto places = db_.prepare(
      "SELECT 0, commune FROM person_commune WHERE name = ?1"
      " UNION ALL SELECT 1, site FROM person_designation WHERE name = ?1 ORDER BY 1, 2");
  if (!places) return tl::unexpected{places.error()};
  if (auto bound = places->bind(name); !bound) return tl::unexpected{bound.error()};
  while (true) {
    const auto more = places->step();
    if (!more) return tl::unexpected{more.error()};
    if (!*more) return who;
    if (places->integer(0) == 0)
      who->communes.emplace_back(places->get<std::string>(1));
    else
      who->designations.emplace_back(places->get<std::string>(1));
  }
}

result<void> people_register::write(const domain::person& who) {
  using text = std::optional<std::string>;
  using number = std::optional<std::int64_t>;
  const auto& a = who.approval;
  auto done = db_.run(
      "UPDATE person SET full_name = ?, role = ?, is_suspended = ?, is_on_duty = ?,"
      " has_live_right = ?, has_replay_right = ?, approval_department = ?, approval_from = ?,"
      " approval_until = ?, approval_is_suspended = ? WHERE name = ?",
      who.full_name, domain::name_of(who.role), who.is_suspended, who.is_on_duty,
      who.has_live_right, who.has_replay_right, a ? text{a->department} : text{},
      a ? number{a->valid_from_utc_us} : number{}, a ? number{a->valid_until_utc_us} : number{},
      a ? number{a->is_suspended} : number{}, who.name);
  if (!done) return done;
  for (const auto* sql : {"DELETE FROM person_commune WHERE name = ?",
                          "DELETE FROM person_designation WHERE name = ?"})
    if (done = db_.run(sql, who.name); !done) return done;
  for (const auto& commune : who.communes)
    if (done =
            db_.run("INSERT OR IGNORE INTO person_commune VALUES (?, ?)", who.name, commune.str());
        !done)
      return done;
  for (const auto& site : who.designations)
    if (done =
            db_.run("INSERT OR IGNORE INTO person_designation VALUES (?, ?)", who.name, site.str());
        !done)
      return done;
  return {};
}

result<void> people_register::log(const std::string& person, const std::string& detail,
                                  const change_note& note) {
  return db_.run(
      "INSERT INTO change (at, author, reason, what, person, detail) VALUES (?, ?, ?, ?, ?, ?)",
      time_->utc(), note.author, note.reason, note.what, person, detail);
}

result<std::vector<domain::person>> people_register::all() {
  auto names = db_.prepare("SELECT name FROM person ORDER BY name");
  if (!names) return tl::unexpected{names.error()};
  std::vector<domain::person> out;
  while (true) {
    const auto row = names->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return out;
    auto who = read(names->get<std::string>(0));
    if (!who) return tl::unexpected{who.error()};
    out.push_back(*std::move(who));
  }
}

result<std::vector<credential_row>> people_register::credentials() {
  auto rows =
      db_.prepare("SELECT name, password_hash FROM person WHERE is_suspended = 0 ORDER BY name");
  if (!rows) return tl::unexpected{rows.error()};
  std::vector<credential_row> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return out;
    out.push_back({rows->get<std::string>(0), rows->get<std::string>(1)});
  }
}

result<std::int64_t> people_register::last_change() {
  const auto row = last_.step();
  if (!row) return tl::unexpected{row.error()};
  const auto number = *row ? last_.integer(0) : 0;
  last_.reset();
  return number;
}

result<std::vector<recorded_change>> people_register::unjournalled(std::size_t limit) {
  auto rows = db_.prepare(
      "SELECT number, at, person, detail, author, reason, what FROM change"
      " WHERE number > (SELECT number FROM journalled) ORDER BY number LIMIT ?");
  if (!rows) return tl::unexpected{rows.error()};
  if (auto bound = rows->bind(limit); !bound) return tl::unexpected{bound.error()};
  std::vector<recorded_change> out;
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected{row.error()};
    if (!*row) return out;
    out.push_back(
        {rows->integer(0),
         rows->integer(1),
         rows->get<std::string>(2),
         rows->get<std::string>(3),
         {rows->get<std::string>(4), rows->get<std::string>(5), rows->get<std::string>(6)}});
  }
}

result<void> people_register::note_journalled(std::int64_t number) {
  return db_.run("UPDATE journalled SET number = ? WHERE number < ?", number, number);
}

}  // namespace vigie::people

// SPDX-License-Identifier: Apache-2.0
#include "app/user_admin.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/bus_link.hpp"
#include "app/bus_users.hpp"
#include "app/password_input.hpp"
#include "base/time_text.hpp"
#include "domain/local_time.hpp"
#include "people/credential.hpp"
#include "people/people_register.hpp"

namespace vigie::app {
namespace {

using domain::person;
using people::people_register;

struct opened {
  people_register people;
  std::vector<commune_id> communes;  ///< of the configuration; empty: only a folder was given
};

exit_code complain(const error& e) {
  fmt::print(stderr, "vigie user: {}\n", e.detail);
  return e.code == errc::config_invalid ? exit_code::usage : exit_code::failed;
}

std::optional<opened> open_register(const user_request& r, const clock& time) {
  auto folder = r.data;
  std::vector<commune_id> communes;
  if (folder.empty() && r.config.empty()) {
    fmt::print(stderr,
               "vigie user: name the centre with --config FILE, or its folder with --data\n");
    return std::nullopt;
  }
  if (!r.config.empty()) {
    const auto config = load_or_tell(r.config);
    if (!config) return std::nullopt;
    folder = config->data_dir;
    for (const auto& commune : config->topology.communes) communes.push_back(commune.id);
  }
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  auto people = people_register::open(folder / "people.db", time);
  if (!people) {
    complain(people.error());
    return std::nullopt;
  }
  return opened{*std::move(people), std::move(communes)};
}

std::string author_of(const user_request& r) {
  if (!r.author.empty()) return r.author;
  const auto* login = getpwuid(getuid());
  return login != nullptr ? fmt::format("os/{}", login->pw_name) : fmt::format("os/{}", getuid());
}

people::change_note note_of(const user_request& r, const char* what) {
  return {author_of(r), r.reason, what};
}

/// Midnight, by the clocks on the walls, of "2026-11-21" and so many days later.
result<utc_us> midnight_of(const std::string& text, int days_later) {
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  char rest = 0;
  const bool is_read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &y, &m, &d, &rest) == 3;
  const domain::calendar_date day{std::chrono::year{y}, std::chrono::month{m}, std::chrono::day{d}};
  if (!is_read || !day.ok())
    return fail(errc::config_invalid, "\"" + text + "\" is no date: write 2026-11-21");
  const auto wanted =
      domain::calendar_date{std::chrono::sys_days{day} + std::chrono::days{days_later}};
  return domain::instants_of(wanted, 0).front();
}

result<void> take_communes(const user_request& r, const opened& o, person& who) {
  if (r.communes.empty()) return {};
  who.communes.clear();
  for (const auto& text : r.communes) {
    if (text == "none") continue;
    if (text == "all" && o.communes.empty())
      return fail(errc::config_invalid, "--communes all needs --config");
    if (text == "all") {
      who.communes = o.communes;
      continue;
    }
    const commune_id id{text};
    const auto& known = o.communes;
    if (!known.empty() && std::find(known.begin(), known.end(), id) == known.end())
      return fail(errc::config_invalid, "the configuration has no commune " + text);
    who.communes.push_back(id);
  }
  return {};
}

result<void> take_right(const std::string& text, const char* option, bool& right) {
  if (text.empty()) return {};
  if (text != "yes" && text != "no")
    return fail(errc::config_invalid, fmt::format("--{} takes yes or no", option));
  right = text == "yes";
  return {};
}

result<void> take_rights(const user_request& r, const opened& o, person& who) {
  if (auto ok = take_communes(r, o, who); !ok) return ok;
  if (auto ok = take_right(r.live, "live", who.has_live_right); !ok) return ok;
  if (auto ok = take_right(r.replay, "replay", who.has_replay_right); !ok) return ok;
  if (r.sites.empty()) return {};
  who.designations.clear();
  for (const auto& site : r.sites)
    if (site != "none") who.designations.emplace_back(site);
  return {};
}

result<void> take_approval(const user_request& r, utc_us now, person& who) {
  if (r.department.empty()) return {};
  domain::viewing_approval approval;
  approval.department = r.department;
  approval.valid_from_utc_us = now;
  if (!r.from.empty()) {
    const auto from = midnight_of(r.from, 0);
    if (!from) return tl::unexpected{from.error()};
    approval.valid_from_utc_us = *from;
  }
  if (r.until.empty())
    return fail(
        errc::config_invalid,
        "an approval has a last day: --until 2031-10-31 (the inquiry is repeated every five "
        "years, LEG-02)");
  const auto until = midnight_of(r.until, 1);
  if (!until) return tl::unexpected{until.error()};
  approval.valid_until_utc_us = *until;
  who.approval = approval;
  return {};
}

struct new_password {
  std::string hash;
  std::string made;  ///< to be told once; empty: the person knows it
};

result<new_password> take_password(const user_request& r) {
  if (r.makes_password) {
    const auto made = make_password();
    if (!made) return tl::unexpected{made.error()};
    const auto text = made->substr(0, 20);
    const auto hash = people::hash_password(secret{text});
    if (!hash) return tl::unexpected{hash.error()};
    return new_password{*hash, text};
  }
  const auto typed = read_new_password(r.password_file);
  if (!typed) return tl::unexpected{typed.error()};
  const auto hash = people::hash_password(*typed);
  if (!hash) return tl::unexpected{hash.error()};
  return new_password{*hash, {}};
}

void tell_password(const user_request& r, const new_password& password) {
  if (!password.made.empty())
    fmt::print("password of {}: {}\n  it is shown this once\n", r.name, password.made);
}

std::string joined(const std::vector<commune_id>& ids) {
  std::string out;
  for (const auto& id : ids) out += (out.empty() ? "" : " ") + id.str();
  return out.empty() ? "none" : out;
}

std::string approval_text(const person& p, utc_us now) {
  if (!p.approval) return "none";
  const auto& a = *p.approval;
  const auto last = domain::to_text(domain::paris_time(a.valid_until_utc_us - 1).date);
  std::string text = fmt::format("{} until {}", a.department, last);
  if (a.is_suspended) text += ", suspended";
  if (now < a.valid_from_utc_us) text += ", not yet";
  if (now >= a.valid_until_utc_us) text += ", over";
  return text;
}

nlohmann::ordered_json to_json(const person& p) {
  nlohmann::ordered_json out{{"name", p.name},
                             {"full_name", p.full_name},
                             {"role", domain::name_of(p.role)},
                             {"on_duty", p.is_on_duty},
                             {"suspended", p.is_suspended},
                             {"live", p.has_live_right},
                             {"replay", p.has_replay_right},
                             {"approval", nullptr}};
  if (p.approval)
    out["approval"] = {{"department", p.approval->department},
                       {"valid_from", to_rfc3339(p.approval->valid_from_utc_us)},
                       {"valid_until", to_rfc3339(p.approval->valid_until_utc_us)},
                       {"suspended", p.approval->is_suspended}};
  out["communes"] = nlohmann::json::array();
  for (const auto& c : p.communes) out["communes"].push_back(c.str());
  out["designations"] = nlohmann::json::array();
  for (const auto& s : p.designations) out["designations"].push_back(s.str());
  return out;
}

/// One change of one person, told in one line.
exit_code change_one(const user_request& r, const char* what, const char* told,
                     const std::function<result<std::string>(const opened&, person&)>& apply) {
  const system_clock time;
  auto o = open_register(r, time);
  if (!o) return exit_code::bad_config;
  const auto done =
      o->people.change(r.name, note_of(r, what), [&](person& who) { return apply(*o, who); });
  if (!done) return complain(done.error());
  fmt::print("{} {}\n", r.name, told);
  return exit_code::done;
}

}  // namespace

exit_code user_add(const user_request& r) {
  const system_clock time;
  auto o = open_register(r, time);
  if (!o) return exit_code::bad_config;
  person who;
  who.name = r.name;
  who.full_name = r.full_name;
  const auto role = domain::role_from(r.role);
  if (!role)
    return complain({errc::config_invalid,
                     "there is no role \"" + r.role + "\": `vigie user roles` lists them"});
  who.role = *role;
  who.is_on_duty = r.is_on_duty;
  if (auto ok = take_rights(r, *o, who); !ok) return complain(ok.error());
  if (auto ok = take_approval(r, time.utc(), who); !ok) return complain(ok.error());
  const auto password = take_password(r);
  if (!password) return complain(password.error());
  if (auto done = o->people.add(who, password->hash, note_of(r, "add")); !done)
    return complain(done.error());
  fmt::print("{} added as {}\n", who.name, domain::name_of(who.role));
  tell_password(r, *password);
  return exit_code::done;
}

exit_code user_list(const user_request& r) {
  const system_clock time;
  auto o = open_register(r, time);
  if (!o) return exit_code::bad_config;
  const auto all = o->people.all();
  if (!all) return complain(all.error());
  if (r.as_json) {
    auto out = nlohmann::ordered_json::array();
    for (const auto& p : *all) out.push_back(to_json(p));
    fmt::print("{}\n", out.dump(2));
    return exit_code::done;
  }
  if (all->empty()) fmt::print("nobody: add people with `vigie user add`\n");
  for (const auto& p : *all)
    fmt::print("{:<16} {:<22} {:<9} {:<11} approval {}; communes {}\n", p.name,
               domain::name_of(p.role),
               p.is_suspended ? "suspended"
               : p.is_on_duty ? "on duty"
                              : "off duty",
               p.has_live_right ? (p.has_replay_right ? "live+replay" : "live")
                                : (p.has_replay_right ? "replay" : "no images"),
               approval_text(p, time.utc()), joined(p.communes));
  return exit_code::done;
}

exit_code user_allow(const user_request& r) {
  return change_one(
      r, "allow", "changed", [&](const opened& o, person& who) -> result<std::string> {
        if (!r.role.empty()) {
          const auto role = domain::role_from(r.role);
          if (!role) return fail(errc::config_invalid, "no role " + r.role);
          who.role = *role;
        }
        if (!r.full_name.empty()) who.full_name = r.full_name;
        if (auto ok = take_rights(r, o, who); !ok) return tl::unexpected{ok.error()};
        return fmt::format("{}; live {}, replay {}; communes {}", domain::name_of(who.role),
                           who.has_live_right, who.has_replay_right, joined(who.communes));
      });
}

exit_code user_approve(const user_request& r) {
  return change_one(r, "approve", "approved",
                    [&](const opened&, person& who) -> result<std::string> {
                      const auto now = system_clock{}.utc();
                      if (auto ok = take_approval(r, now, who); !ok)
                        return tl::unexpected{ok.error()};
                      return approval_text(who, now);
                    });
}

exit_code user_suspend(const user_request& r) {
  const auto* told = r.approval_only ? "has a suspended approval: no image, no alarm"
                                     : "suspended: signed out, open views end";
  return change_one(r, r.approval_only ? "suspend_approval" : "suspend", told,
                    [&](const opened&, person& who) -> result<std::string> {
                      if (!r.approval_only) {
                        who.is_suspended = true;
                        who.is_on_duty = false;
                        return std::string{};
                      }
                      if (!who.approval)
                        return fail(errc::config_invalid, r.name + " has no approval");
                      who.approval->is_suspended = true;
                      return std::string{};
                    });
}

exit_code user_restore(const user_request& r) {
  return change_one(r, r.approval_only ? "restore_approval" : "restore", "restored",
                    [&](const opened&, person& who) -> result<std::string> {
                      if (!r.approval_only) {
                        who.is_suspended = false;
                        return std::string{};
                      }
                      if (!who.approval)
                        return fail(errc::config_invalid, r.name + " has no approval");
                      who.approval->is_suspended = false;
                      return std::string{};
                    });
}

exit_code user_duty(const user_request& r) {
  return change_one(r, "duty", r.state == "on" ? "is on duty" : "is off duty",
                    [&](const opened&, person& who) -> result<std::string> {
                      who.is_on_duty = r.state == "on";
                      return r.state;
                    });
}

exit_code user_passwd(const user_request& r) {
  const system_clock time;
  auto o = open_register(r, time);
  if (!o) return exit_code::bad_config;
  const auto password = take_password(r);
  if (!password) return complain(password.error());
  if (auto done = o->people.set_password(r.name, password->hash, note_of(r, "passwd")); !done)
    return complain(done.error());
  fmt::print("{} has a new password\n", r.name);
  tell_password(r, *password);
  return exit_code::done;
}

exit_code user_roles(const user_request&) {
  for (int i = 1; i <= domain::last_role; ++i) {
    const auto role = static_cast<domain::centre_role>(i);
    fmt::print(
        "{}{}\n", domain::name_of(role),
        domain::needs_approval(role) ? "" : " (images without the préfet's approval, LEG-04)");
    for (int j = 1; j <= domain::last_act; ++j)
      if (const auto a = static_cast<domain::act>(j); domain::role_may(role, a))
        fmt::print("  {}\n", domain::name_of(a));
  }
  return exit_code::done;
}

exit_code bus_users_section(const std::filesystem::path& file) {
  const auto config = load_or_tell(file);
  if (!config) return exit_code::bad_config;
  const system_clock time;
  auto people = people_register::open(config->data_dir / "people.db", time);
  if (!people) return complain(people.error());
  const auto all = people->all();
  if (!all) return complain(all.error());
  const auto credentials = people->credentials();
  if (!credentials) return complain(credentials.error());
  auto users = bus_users(*all, *credentials);
  if (!config->bus.url.empty()) {
    const auto hash = people::hash_password(config->bus.password);
    if (!hash) return complain({hash.error().code, "[bus] password: " + hash.error().detail});
    users.insert(users.begin(), bus::bus_user{config->bus.user, *hash, {}, {}});
  }
  const auto text = bus::nats_authorization(users);
  if (!text) return complain(text.error());
  fmt::print("{}", *text);
  return exit_code::done;
}

}  // namespace vigie::app

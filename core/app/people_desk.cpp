// SPDX-License-Identifier: Apache-2.0
#include "app/people_desk.hpp"

#include <fmt/format.h>

#include <utility>

namespace vigie::app {
namespace {

constexpr std::chrono::milliseconds look_every{200};
constexpr std::size_t changes_at_once = 100;
constexpr std::size_t proposals_told = 100;

journal::access_entry configuration_act(const std::string& author, const std::string& reason,
                                        std::string detail, utc_us at) {
  journal::access_entry act;
  act.at = at;
  act.author = author;
  act.authority = commune_id{std::string{journal::centre_authority}};
  act.verb = journal::access_verb::configuration;
  act.reason = reason;
  act.detail = std::move(detail);
  return act;
}

}  // namespace

people_desk::people_desk(people::people_register people, people::proposal_register proposals,
                         journal::access_journal& journal, const clock& time)
    : time_{time},
      journal_{journal},
      register_{std::move(people)},
      proposals_{std::move(proposals)} {}

people_desk::~people_desk() { stop(); }

result<std::unique_ptr<people_desk>> people_desk::open(const std::filesystem::path& data_dir,
                                                       journal::access_journal& journal,
                                                       const clock& time) {
  auto people = people::people_register::open(data_dir / "people.db", time);
  if (!people) return tl::unexpected{people.error()};
  auto proposals = people::proposal_register::open(data_dir / "people.db");
  if (!proposals) return tl::unexpected{proposals.error()};
  std::unique_ptr<people_desk> desk{
      new people_desk{*std::move(people), *std::move(proposals), journal, time}};
  if (const auto read = desk->refresh(); !read) return tl::unexpected{read.error()};
  return desk;
}

void people_desk::start(listener changed) {
  changed_ = std::move(changed);
  changed_();
  watcher_ = std::thread{[this] { watch(); }};
}

void people_desk::stop() {
  {
    std::lock_guard lock{end_mutex_};
    ending_ = true;
  }
  end_changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

void people_desk::watch() {
  std::unique_lock end{end_mutex_};
  while (!end_changed_.wait_for(end, look_every, [&] { return ending_; })) {
    end.unlock();
    const auto replaced = refresh();
    if (!replaced) {
      if (const auto times = trouble_.pass(time_.mono()))
        log::error("the register of people cannot be read ({} times): {}", times,
                   to_string(replaced.error()));
    } else if (*replaced) {
      changed_();
    }
    end.lock();
  }
}

result<bool> people_desk::refresh() {
  std::lock_guard lock{mutex_};
  const auto last = register_.last_change();
  if (!last) return tl::unexpected{last.error()};
  const bool is_new = *last != known_change_;
  if (!is_new && !owes_journal_) return false;
  // A journal that cannot be written keeps images from being shown by itself; it must not keep a
  // suspension from being heard.
  const auto written = journal_changes();
  owes_journal_ = !written;
  if (!written)
    if (const auto times = trouble_.pass(time_.mono()))
      log::error("the journal does not take changes of people ({} times): {}", times,
                 to_string(written.error()));
  if (!is_new) return false;
  auto all = register_.all();
  if (!all) return tl::unexpected{all.error()};
  roster_.replace(*std::move(all));
  known_change_ = *last;
  return true;
}

result<void> people_desk::journal_changes() {
  while (true) {
    const auto changes = register_.unjournalled(changes_at_once);
    if (!changes) return tl::unexpected{changes.error()};
    if (changes->empty()) return {};
    for (const auto& c : *changes) {
      const auto detail = fmt::format("people: {} {}{}{}", c.note.what, c.person,
                                      c.detail.empty() ? "" : ": ", c.detail);
      const auto entry =
          journal_.append(configuration_act(c.note.author, c.note.reason, detail, c.at));
      if (!entry) return tl::unexpected{entry.error()};
      if (auto done = register_.note_journalled(c.number); !done) return done;
    }
  }
}

result<std::vector<people::credential_row>> people_desk::credentials() {
  std::lock_guard lock{mutex_};
  return register_.credentials();
}

result<void> people_desk::change(const std::string& name, const people::change_note& note,
                                 const std::function<result<std::string>(domain::person&)>& apply) {
  {
    std::lock_guard lock{mutex_};
    if (auto done = register_.change(name, note, apply); !done) return done;
  }
  const auto replaced = refresh();
  if (!replaced) return tl::unexpected{replaced.error()};
  if (*replaced && changed_) changed_();
  return {};
}

result<void> people_desk::journal_decision(const std::string& user, const std::string& reason,
                                           const std::string& what) {
  const auto entry = journal_.append(configuration_act(user, reason, what, time_.utc()));
  if (!entry) return tl::unexpected{entry.error()};
  return {};
}

result<std::int64_t> people_desk::propose(const std::string& user, domain::sensitive_change change,
                                          const std::string& subject, const std::string& reason) {
  const auto people = roster_.people();
  const auto* who = domain::find_person(*people, user);
  if (const auto refused = domain::propose_obstacle(who, change, reason))
    return tl::unexpected{to_error(*refused)};
  const auto what = fmt::format("proposes {} of {}", domain::name_of(change), subject);
  if (auto done = journal_decision(user, reason, what); !done) return tl::unexpected{done.error()};
  std::lock_guard lock{mutex_};
  return proposals_.propose(who, change, subject, reason, time_.utc());
}

result<domain::proposal> people_desk::decide(const std::string& user, std::int64_t number,
                                             domain::proposal_state wanted,
                                             const std::string& reason) {
  const auto people = roster_.people();
  const auto* who = domain::find_person(*people, user);
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return tl::unexpected{to_error(domain::access_refusal::reason_missing)};
  if (who == nullptr) return tl::unexpected{to_error(domain::access_refusal::unknown_person)};
  const auto what = fmt::format("decides on proposal {}: {}", number, domain::name_of(wanted));
  if (auto done = journal_decision(user, reason, what); !done) return tl::unexpected{done.error()};
  std::lock_guard lock{mutex_};
  return proposals_.decide(who, number, wanted, time_.utc());
}

result<std::vector<domain::proposal>> people_desk::proposals() {
  std::lock_guard lock{mutex_};
  return proposals_.recent(proposals_told);
}

bool people_desk::is_confirmed(domain::sensitive_change change, const std::string& subject) {
  std::lock_guard lock{mutex_};
  return proposals_.is_confirmed(change, subject).value_or(false);
}

}  // namespace vigie::app

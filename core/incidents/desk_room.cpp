// SPDX-License-Identifier: Apache-2.0
#include "incidents/desk_room.hpp"

#include <utility>

#include "base/log.hpp"

namespace vigie::incidents {
namespace {

/// An answer that waits for the disk.
struct held_answer {
  act_answer* to;
  taken<domain::incident> what;
};

}  // namespace

result<std::unique_ptr<desk_room>> desk_room::open(const std::filesystem::path& file,
                                                   const std::string& fresh_name, core_ports ports,
                                                   domain::incident_rules rules,
                                                   delivery_rules deliveries, domain::instant now) {
  auto store = incident_store::open(file, fresh_name);
  if (!store) return tl::unexpected{store.error()};
  auto found = store->recover(now);
  if (!found) return tl::unexpected{found.error()};
  for (const auto& id : found->unreadable)
    log::error("incidents: what is on disk of {} was altered; it is left as it is", id);
  if (!found->open.empty() || !found->deliveries.empty())
    log::info("incidents: {} open ones and {} deliveries are taken up again", found->open.size(),
              found->deliveries.size());
  return std::unique_ptr<desk_room>{new desk_room{*std::move(store), std::move(ports), rules,
                                                  deliveries, *std::move(found), now}};
}

run_outcome desk_room::run(std::vector<desk_task> tasks, confirmed_numbers confirmed,
                           domain::instant now) {
  core_.begin(now);
  std::vector<held_answer> answers;
  for (auto& task : tasks) {
    if (auto* raised = std::get_if<raise_task>(&task)) {
      auto outcome = core_.signal(raised->from, raised->signal, raised->text);
      if (raised->done) answers.push_back({&raised->done, std::move(outcome)});
    } else if (auto* acted = std::get_if<act_task>(&task)) {
      auto outcome = core_.act(acted->from, acted->message, [&] {
        auto kept = store_.find(acted->message.incident, now);
        return kept ? *std::move(kept) : std::nullopt;
      });
      if (acted->done) answers.push_back({&acted->done, std::move(outcome)});
    } else if (const auto* said = std::get_if<report_task>(&task)) {
      (void)core_.report(said->from, said->key, said->path_of, said->what);
    } else if (const auto* over = std::get_if<remark_task>(&task)) {
      core_.remark(over->signal, over->text);
    } else if (const auto* no = std::get_if<refusal_task>(&task)) {
      core_.note_refusal(no->author, no->authority, no->why, no->about);
    }
  }
  core_.tick();

  run_outcome out;
  auto batch = core_.batch();
  batch.bus_confirmed = confirmed.bus;
  batch.journal_confirmed = confirmed.journal;
  if (!batch.is_empty()) {
    if (auto done = store_.commit(batch); !done) out.failure = done.error();
  }
  if (out.failure) {
    core_.discard();
  } else {
    out.sends = core_.accept();
    out.has_bus_rows = !batch.bus.empty();
    out.has_journal_rows = !batch.journal.empty();
  }
  for (auto& held : answers) {
    if (out.failure && held.what) held.what = tl::unexpected{refused::not_durable};
    (*held.to)(std::move(held.what));
  }
  for (auto& task : tasks) {
    if (const auto* look = std::get_if<ask_task>(&task)) look->ask(core_, store_);
    if (!out.failure) continue;
    // Nobody else remembers what a machine signalled or a notifier said. A person was told no.
    const auto* raised = std::get_if<raise_task>(&task);
    if ((raised != nullptr && raised->from.kind != domain::sender_kind::person) ||
        std::holds_alternative<report_task>(task) || std::holds_alternative<remark_task>(task))
      out.again.push_back(std::move(task));
  }
  return out;
}

}  // namespace vigie::incidents

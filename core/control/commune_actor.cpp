// SPDX-License-Identifier: Apache-2.0
#include "control/commune_actor.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "control/site_actor.hpp"

namespace vigie::control {

namespace {

/// The part of the commune's configuration a site owns, kept alive by the whole.
std::shared_ptr<const domain::site_entry> part_of(
    const std::shared_ptr<const domain::commune_entry>& whole, const domain::site_entry& site) {
  return {whole, &site};
}

const domain::site_entry* find_site(const domain::commune_entry& commune, const std::string& id) {
  const auto found = std::find_if(commune.sites.begin(), commune.sites.end(),
                                  [&](const domain::site_entry& s) { return s.id.str() == id; });
  return found == commune.sites.end() ? nullptr : &*found;
}

std::uint32_t& counter_of(commune_state& counts, domain::health_state state) {
  switch (state) {
    case domain::health_state::live:
      return counts.live;
    case domain::health_state::degraded:
      return counts.degraded;
    case domain::health_state::down:
      return counts.down;
    case domain::health_state::starting:
      break;
  }
  return counts.starting;
}

bool same_counts(const commune_state& a, const commune_state& b) {
  return a.live == b.live && a.degraded == b.degraded && a.down == b.down &&
         a.starting == b.starting && a.total == b.total && a.name == b.name;
}

}  // namespace

void commune_shell::start(pointer self, control_context& context, commune_setup setup) {
  self_ = self;
  context_ = &context;
  parent_ = std::move(setup.parent);
  entry_ = std::move(setup.entry);
  random_.emplace(context.seed_for(entry_->id.str()));
  if (setup.known)
    for (const auto& site : setup.known->sites) reports_.emplace(site.site, site);
  for (const auto& site : entry_->sites) spawn(site, true);
  count();
  remind(self_, refresh_period, tick{});
}

void commune_shell::spawn(const domain::site_entry& site, bool with_memory) {
  site_setup setup{entry_->id, commune_handle{self_}, part_of(entry_, site), std::nullopt};
  const auto known = reports_.find(site.id);
  if (with_memory && known != reports_.end()) setup.known = known->second;
  sites_.adopt(self_, site.id, self_->spawn(site_actor, context_, std::move(setup)));
}

void commune_shell::on_site_report(const site_report& incoming) {
  if (!sites_.holds(incoming.site)) return;
  reports_[incoming.site] = incoming;
  count();
  report();
}

void commune_shell::on_tick() {
  remind(self_, refresh_period, tick{});
  context_->publish.publish(state_);
}

void commune_shell::on_site_lost(const caf::actor_addr& who, const std::string& why) {
  const auto loss = sites_.lost(who, context_->time.mono(), *random_);
  if (!loss) return;
  log::warn("site {}: its actor crashed and is restarted in {} ms: {}", loss->id.str(),
            loss->decision.delay.count() / 1'000'000, why);
  remind(self_, loss->decision.delay, restart_child{loss->id.str(), loss->decision.clean_start});
}

void commune_shell::on_restart(const restart_child& order) {
  const auto* site = find_site(*entry_, order.child);
  if (site == nullptr || !sites_.is_missing(site->id)) return;
  ++context_->restarts;
  spawn(*site, !order.clean_start);
}

void commune_shell::on_new_commune(const new_commune& change) {
  entry_ = change.entry;
  const auto wanted = [&](const site_id& id) { return find_site(*entry_, id.str()) != nullptr; };
  sites_.retain(wanted);
  std::erase_if(reports_, [&](const auto& entry) { return !wanted(entry.first); });
  // Before the children hear of it: a site that is spawned or told anew is handed the new entry.
  sites_.for_each([&](const site_id& id, const site_handle& site) {
    tell(site, new_site{part_of(entry_, *find_site(*entry_, id.str()))});
  });
  for (const auto& site : entry_->sites)
    if (!sites_.holds(site.id)) spawn(site, false);
  count();
  report();
}

/// Counts anew and publishes when a figure changed.
void commune_shell::count() {
  const auto before = std::exchange(state_, {});
  state_.commune = entry_->id;
  state_.name = entry_->name;
  for (const auto& [id, site] : reports_)
    for (const auto& camera : site.view->cameras) {
      ++counter_of(state_, camera.status.state);
      ++state_.total;
    }
  if (!same_counts(before, state_)) context_->publish.publish(state_);
}

void commune_shell::report() {
  auto knowledge = std::make_shared<commune_knowledge>();
  knowledge->state = state_;
  for (const auto& site : entry_->sites) {
    const auto known = reports_.find(site.id);
    if (known != reports_.end()) knowledge->sites.push_back(known->second);
  }
  tell(parent_, commune_report{std::move(knowledge)});
}

commune_handle::behavior_type commune_actor(commune_shell::pointer self, control_context* context,
                                            commune_setup setup) {
  crash_with_reason(self);
  self->monitor(setup.parent);
  const auto parent = setup.parent.address();
  when_dismissed(self, [self] { self->state.dismiss_sites(); });
  when_down(self, [self, parent](const caf::actor_addr& who, const std::string& why) {
    if (who == parent)
      leave(self);
    else
      self->state.on_site_lost(who, why);
  });
  self->state.start(self, *context, std::move(setup));
  return {
      [self](const site_report& m) { self->state.on_site_report(m); },
      [self](const tick&) { self->state.on_tick(); },
      [self](const restart_child& m) { self->state.on_restart(m); },
      [self](const new_commune& m) { self->state.on_new_commune(m); },
  };
}

}  // namespace vigie::control

// SPDX-License-Identifier: Apache-2.0
#include "control/centre_actor.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "control/commune_actor.hpp"

namespace vigie::control {

namespace {

std::shared_ptr<const domain::commune_entry> part_of(
    const std::shared_ptr<const domain::topology>& whole, const domain::commune_entry& commune) {
  return {whole, &commune};
}

const domain::commune_entry* find_commune(const domain::topology& centre, const std::string& id) {
  const auto found = std::find_if(centre.communes.begin(), centre.communes.end(),
                                  [&](const domain::commune_entry& c) { return c.id.str() == id; });
  return found == centre.communes.end() ? nullptr : &*found;
}

/// The edge at which a failure of the centre itself ends: one message is lost, never the tree.
template <class F>
void contain(control_context& context, F f) {
  try {
    f();
  } catch (const std::exception& e) {
    ++context.contained_failures;
    log::error("centre: a handler failed: {}", e.what());
  }
}

}  // namespace

void centre_shell::start(pointer self, control_context& context) {
  self_ = self;
  context_ = &context;
  centre_ = std::make_shared<domain::topology>();
  random_.emplace(context.seed_for("centre"));
}

void centre_shell::spawn(const domain::commune_entry& commune, bool with_memory) {
  commune_setup setup{centre_handle{self_}, part_of(centre_, commune), nullptr};
  const auto known = reports_.find(commune.id);
  if (with_memory && known != reports_.end()) setup.known = known->second;
  communes_.adopt(self_, commune.id, self_->spawn(commune_actor, context_, std::move(setup)));
}

void centre_shell::on_commune_report(const commune_report& incoming) {
  const auto& id = incoming.knowledge->state.commune;
  if (communes_.holds(id)) reports_[id] = incoming.knowledge;
}

void centre_shell::on_commune_lost(const caf::actor_addr& who, const std::string& why) {
  const auto loss = communes_.lost(who, context_->time.mono(), *random_);
  if (!loss) return;
  log::warn("commune {}: its actor crashed and is restarted in {} ms: {}", loss->id.str(),
            loss->decision.delay.count() / 1'000'000, why);
  remind(self_, loss->decision.delay, restart_child{loss->id.str(), loss->decision.clean_start});
}

void centre_shell::on_restart(const restart_child& order) {
  const auto* commune = find_commune(*centre_, order.child);
  if (commune == nullptr || !communes_.is_missing(commune->id)) return;
  ++context_->restarts;
  spawn(*commune, !order.clean_start);
}

void centre_shell::on_new_centre(const new_centre& change) {
  centre_ = change.centre;
  const auto wanted = [&](const commune_id& id) {
    return find_commune(*centre_, id.str()) != nullptr;
  };
  communes_.retain(wanted);
  std::erase_if(reports_, [&](const auto& entry) { return !wanted(entry.first); });
  communes_.for_each([&](const commune_id& id, const commune_handle& commune) {
    tell(commune, new_commune{part_of(centre_, *find_commune(*centre_, id.str()))});
  });
  for (const auto& commune : centre_->communes)
    if (!communes_.holds(commune.id)) spawn(commune, false);
}

snapshot centre_shell::on_get_snapshot() const {
  auto view = std::make_shared<centre_view>();
  for (const auto& entry : centre_->communes) {
    const auto known = reports_.find(entry.id);
    if (known == reports_.end()) continue;
    auto& commune = view->communes.emplace_back();
    commune.state = known->second->state;
    for (const auto& site : known->second->sites) commune.sites.push_back(*site.view);
  }
  return {std::move(view)};
}

centre_handle::behavior_type centre_actor(centre_shell::pointer self, control_context* context) {
  crash_with_reason(self);
  when_dismissed(self, [self] { self->state.dismiss_communes(); });
  when_down(self, [self, context](const caf::actor_addr& who, const std::string& why) {
    contain(*context, [&] { self->state.on_commune_lost(who, why); });
  });
  self->state.start(self, *context);
  return {
      [self, context](const commune_report& m) {
        contain(*context, [&] { self->state.on_commune_report(m); });
      },
      [self, context](const restart_child& m) {
        contain(*context, [&] { self->state.on_restart(m); });
      },
      [self, context](const new_centre& m) {
        contain(*context, [&] { self->state.on_new_centre(m); });
      },
      [self](const get_snapshot&) { return self->state.on_get_snapshot(); },
  };
}

}  // namespace vigie::control

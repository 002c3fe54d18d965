// SPDX-License-Identifier: Apache-2.0
#include "control/site_actor.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "control/camera_actor.hpp"
#include "domain/topology_diff.hpp"

namespace vigie::control {

// -- Life
// ------------------------------------------------------------------------------------------

void site_shell::start(pointer self, control_context& context, site_setup setup) {
  self_ = self;
  context_ = &context;
  parent_ = std::move(setup.parent);
  random_.emplace(context.seed_for(setup.entry->id.str()));
  if (setup.known) {
    view_ = *setup.known->view;
    health_ = *setup.known->memory;
  }
  view_.state.commune = std::move(setup.commune);
  view_.state.site = setup.entry->id;
  if (!setup.known) view_.state.since_utc_us = context.now().utc;
  entry_ = std::move(setup.entry);
  adopt(*entry_);
  if (!refresh_state()) publish_state();
  report();
  // Sites beat out of step, so that a thousand of them do not wake together.
  const auto beat = std::chrono::duration_cast<std::chrono::nanoseconds>(site_beat);
  const auto phase = static_cast<std::int64_t>(random_->unit() * static_cast<double>(beat.count()));
  remind(self_, std::chrono::nanoseconds{phase}, tick{});
}

/// Brings view, correlation and children to the cameras of `entry`. Children that stay are not
/// touched.
void site_shell::adopt(const domain::site_entry& entry) {
  view_.state.name = entry.name;
  view_.state.kind = entry.kind;
  std::vector<camera_state> views;
  std::vector<camera_id> ids;
  for (const auto& camera : entry.cameras) {
    ids.push_back(camera.id);
    auto* known = find(camera.id);
    auto& view = views.emplace_back();
    if (known != nullptr) view.status = known->status;
    if (known == nullptr) view.status.since_utc_us = context_->now().utc;
    view.path = {view_.state.commune, view_.state.site, camera.id};
    view.name = camera.name;
  }
  const auto had_views = view_.cameras.size();
  view_.cameras = std::move(views);
  settle(domain::set_cameras(std::move(health_), ids, context_->now()));

  const auto wanted = [&](const camera_id& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  cameras_.retain(wanted);
  for (const auto& camera : entry.cameras) {
    if (cameras_.holds(camera.id)) continue;
    std::optional<domain::camera_status> known;
    if (had_views != 0) known = find(camera.id)->status;
    if (known && known->state == domain::health_state::starting) known.reset();
    spawn(camera, std::move(known));
  }
}

void site_shell::spawn(const domain::camera_entry& camera,
                       std::optional<domain::camera_status> known) {
  auto slot = context_->desk.find(camera.id);
  // A camera that is leaving has no tray any more; its actor follows in a moment.
  if (!slot) slot = std::make_shared<evidence_slot>();
  cameras_.adopt(self_, camera.id,
                 self_->spawn(camera_actor, context_,
                              camera_setup{{view_.state.commune, view_.state.site, camera.id},
                                           camera.name,
                                           site_handle{self_},
                                           std::move(slot),
                                           std::move(known)}));
}

void site_shell::on_new_site(const new_site& change) {
  // A camera that is pulled otherwise is another camera: nothing known of the old one holds. One
  // that only changed its name or its law gets a new actor with the old knowledge.
  for (const auto& camera : change.entry->cameras) {
    const auto* before = entry_of(camera.id.str());
    if (before == nullptr || domain::same_camera(*before, camera)) continue;
    cameras_.let_go(camera.id);
    if (auto* view = find(camera.id); view != nullptr && !domain::same_pull(*before, camera)) {
      view->status = {};
      view->status.since_utc_us = context_->now().utc;
    }
  }
  entry_ = change.entry;
  adopt(*entry_);
  if (!refresh_state()) publish_state();
  report();
}

// -- Children
// --------------------------------------------------------------------------------------

void site_shell::on_camera_lost(const caf::actor_addr& who, const std::string& why) {
  const auto loss = cameras_.lost(who, context_->time.mono(), *random_);
  if (!loss) return;
  log::warn("camera {}: its actor crashed and is restarted in {} ms: {}", loss->id.str(),
            loss->decision.delay.count() / 1'000'000, why);
  remind(self_, loss->decision.delay, restart_child{loss->id.str(), loss->decision.clean_start});
  if (loss->decision.keeps_failing) declare_unsupervised(loss->id, why);
}

void site_shell::on_restart(const restart_child& order) {
  const camera_id id{order.child};
  const auto* camera = entry_of(order.child);
  if (camera == nullptr || !cameras_.is_missing(id)) return;
  ++context_->restarts;
  std::optional<domain::camera_status> known;
  const auto& last = find(id)->status;
  const bool usable = last.state != domain::health_state::starting &&
                      last.cause != domain::health_cause::unsupervised;
  if (usable && !order.clean_start) known = last;
  spawn(*camera, std::move(known));
}

void site_shell::declare_unsupervised(const camera_id& camera, const std::string& why) {
  auto state = *find(camera);
  const bool is_change = state.status.cause != domain::health_cause::unsupervised;
  if (!is_change) return;
  state.status.state = domain::health_state::degraded;
  state.status.cause = domain::health_cause::unsupervised;
  state.status.rung = domain::rung_below(state.status.cause);
  state.status.since_utc_us = context_->now().utc;
  state.status.detail = "supervision of this camera keeps failing: " + why;
  context_->publish.publish(state);
  on_camera_report({std::make_shared<const camera_state>(std::move(state)), true});
}

// -- Health
// ----------------------------------------------------------------------------------------

void site_shell::on_camera_report(const camera_report& incoming) {
  const auto& state = *incoming.state;
  auto* shown = find(state.path.camera);
  if (shown == nullptr) return;
  // A restarted actor that knows nothing yet does not overwrite what the site knows.
  const bool knows_nothing = state.status.state == domain::health_state::starting &&
                             shown->status.state != domain::health_state::starting;
  if (knows_nothing) return;
  const bool differs =
      shown->status.state != state.status.state || shown->status.cause != state.status.cause;
  shown->status = state.status;
  if (!incoming.is_change && !differs) return;
  settle(domain::step(std::move(health_), state.path.camera, state.status, context_->now()));
  refresh_state();
  report();
}

void site_shell::on_tick() {
  remind(self_, site_beat, tick{});
  settle(domain::step(std::move(health_), context_->now()));
  const bool changed = refresh_state();
  cameras_.for_each([](const camera_id&, const camera_handle& camera) { tell(camera, tick{}); });
  const bool due = context_->time.mono() >= refresh_at_;
  if (due) publish_state();
  if (due || changed) report();
}

void site_shell::on_deadline() {
  reminder_at_.reset();
  settle(domain::step(std::move(health_), context_->now()));
  refresh_state();
  report();
}

/// Takes over the correlation's next state, tells its facts, and asks to be woken for its deadline.
void site_shell::settle(domain::site_step stepped) {
  health_ = std::move(stepped.next);
  for (auto& fact : stepped.facts)
    context_->publish.publish(event{
        fact.type, view_.state.commune, view_.state.site, std::move(fact.camera), fact.cause,
        fact.since_utc_us, context_->now().utc, std::move(fact.detail), std::move(fact.cameras)});
  const auto due = domain::next_deadline(health_);
  if (!due || (reminder_at_ && *reminder_at_ <= *due)) return;
  reminder_at_ = due;
  const auto wait = std::max<mono_ns>(*due - context_->time.mono(), 0);
  remind(self_, std::chrono::nanoseconds{wait}, deadline_due{});
}

/// Counts anew and publishes when the site looks different. Says whether it does.
bool site_shell::refresh_state() {
  auto& shown = view_.state;
  const auto before = shown;
  shown.total = static_cast<std::uint32_t>(view_.cameras.size());
  shown.live = static_cast<std::uint32_t>(std::count_if(
      view_.cameras.begin(), view_.cameras.end(),
      [](const camera_state& c) { return c.status.state == domain::health_state::live; }));
  shown.cause = domain::health_cause::none;
  if (health_.outage) {
    shown.state = site_condition::outage;
    shown.cause = health_.outage->cause;
  } else {
    shown.state = shown.live == shown.total ? site_condition::live : site_condition::degraded;
  }
  if (shown.state != before.state)
    shown.since_utc_us = health_.outage ? health_.outage->since_utc_us : context_->now().utc;
  const bool changed = shown.state != before.state || shown.live != before.live ||
                       shown.total != before.total || shown.cause != before.cause;
  if (changed) publish_state();
  return changed;
}

void site_shell::publish_state() {
  context_->publish.publish(view_.state);
  refresh_at_ = context_->time.mono() + to_ns(refresh_period);
}

void site_shell::report() {
  tell(parent_, site_report{view_.state.site, std::make_shared<const site_view>(view_),
                            std::make_shared<const domain::site_health>(health_)});
}

camera_state* site_shell::find(const camera_id& camera) {
  const auto found = std::find_if(view_.cameras.begin(), view_.cameras.end(),
                                  [&](const camera_state& c) { return c.path.camera == camera; });
  return found == view_.cameras.end() ? nullptr : &*found;
}

const domain::camera_entry* site_shell::entry_of(const std::string& camera) const {
  const auto found =
      std::find_if(entry_->cameras.begin(), entry_->cameras.end(),
                   [&](const domain::camera_entry& c) { return c.id.str() == camera; });
  return found == entry_->cameras.end() ? nullptr : &*found;
}

site_handle::behavior_type site_actor(site_shell::pointer self, control_context* context,
                                      site_setup setup) {
  crash_with_reason(self);
  self->monitor(setup.parent);
  const auto parent = setup.parent.address();
  when_dismissed(self, [self] { self->state.dismiss_cameras(); });
  when_down(self, [self, parent](const caf::actor_addr& who, const std::string& why) {
    if (who == parent)
      leave(self);
    else
      self->state.on_camera_lost(who, why);
  });
  self->state.start(self, *context, std::move(setup));
  return {
      [self](const camera_report& m) { self->state.on_camera_report(m); },
      [self](const tick&) { self->state.on_tick(); },
      [self](const deadline_due&) { self->state.on_deadline(); },
      [self](const restart_child& m) { self->state.on_restart(m); },
      [self](const new_site& m) { self->state.on_new_site(m); },
  };
}

}  // namespace vigie::control

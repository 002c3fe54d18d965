// SPDX-License-Identifier: Apache-2.0
#include "control/camera_actor.hpp"

#include <utility>

namespace vigie::control {

camera_shell::~camera_shell() {
  if (setup_.slot) setup_.slot->detach(ticket_);
}

void camera_shell::start(camera_handle me, control_context& context, camera_setup setup) {
  context_ = &context;
  setup_ = std::move(setup);
  const auto now = context_->now();
  health_ = setup_.known ? domain::resumed_camera(std::move(*setup_.known), now)
                         : domain::starting_camera(now);
  // What waits in the tray from now on wakes this actor; the tray holds no more than one wake-up.
  ticket_ = setup_.slot->attach([me] { tell_urgently(me, look{}); });
  report(false);
}

void camera_shell::on_look() {
  const auto batch = setup_.slot->take(ticket_);
  for (const auto& evidence : batch.feeds) apply(evidence);
  for (const auto& evidence : batch.pictures) apply(evidence);
  for (const auto& evidence : batch.findings) apply(evidence);
  if (batch.recording) apply(*batch.recording);
}

void camera_shell::on_tick() {
  on_look();
  apply(domain::health_tick{});
  setup_.slot->judged(context_->time.mono());
  if (context_->time.mono() >= refresh_at_) report(false);
}

void camera_shell::apply(const domain::health_input& input) {
  auto stepped = domain::step(std::move(health_), input, context_->now(), context_->rules);
  health_ = std::move(stepped.next);
  if (stepped.effects.changed) report(true);
}

void camera_shell::report(bool is_change) {
  auto state =
      std::make_shared<const camera_state>(camera_state{setup_.path, setup_.name, health_.status});
  context_->publish.publish(*state);
  refresh_at_ = context_->time.mono() + to_ns(refresh_period);
  tell(setup_.site, camera_report{std::move(state), is_change});
}

camera_handle::behavior_type camera_actor(camera_handle::stateful_pointer<camera_shell> self,
                                          control_context* context, camera_setup setup) {
  crash_with_reason(self);
  self->monitor(setup.site);
  when_down(self, [self](const caf::actor_addr&, const std::string&) { leave(self); });
  self->state.start(camera_handle{self}, *context, std::move(setup));
  return {
      [self](const look&) { self->state.on_look(); },
      [self](const tick&) { self->state.on_tick(); },
  };
}

}  // namespace vigie::control

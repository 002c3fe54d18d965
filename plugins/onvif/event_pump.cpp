// SPDX-License-Identifier: Apache-2.0
#include "event_pump.hpp"

#include <fmt/format.h>

#include "addresses.hpp"
#include "backoff.hpp"
#include "xml.hpp"

namespace vigie::onvif {

namespace {

constexpr unsigned messages_per_pull = 100;
/// A pull is answered at its time-out; what comes later than this is lost.
constexpr std::chrono::milliseconds pull_margin{5000};

}  // namespace

event_pump::event_pump(std::shared_ptr<device> of, pump_sinks sinks, pump_timing timing)
    : device_{std::move(of)},
      sinks_{std::move(sinks)},
      timing_{timing},
      random_{std::random_device{}()} {}

bool event_pump::is_stopped() const {
  const std::lock_guard hold{mutex_};
  return stopped_;
}

drop_counts event_pump::dropped() const {
  const std::lock_guard hold{mutex_};
  return dropped_;
}

void event_pump::start() {
  device_->via().after({}, [self = shared_from_this()] { self->begin(); });
}

void event_pump::stop() {
  {
    const std::lock_guard hold{mutex_};
    stopped_ = true;
  }
  device_->via().cancel_polls(device_->options().handle);
  device_->via().after({}, [self = shared_from_this()] {
    if (self->subscription_.address.empty()) return;
    const request what = unsubscribe();
    auto how = self->in_subscription(what);
    how.timeout = std::chrono::milliseconds{2000};
    self->device_->ask(self->subscription_.address, what, how, [](outcome<message>) {});
  });
}

void event_pump::begin() {
  if (is_stopped()) return;
  device_->prepare([self = shared_from_this()](outcome<services> known) {
    if (!known) return self->give_up(known.error());
    self->subscribe(*known);
  });
}

void event_pump::subscribe(const services& known) {
  if (is_stopped()) return;
  // A device without events stays silent; there is nothing to try again.
  if (known.events.empty()) return;
  device_->ask(known.events, create_pull_point(timing_.life), {},
               [self = shared_from_this()](outcome<message> answer) {
                 if (!answer) return self->give_up(answer.error());
                 auto made = read_subscription(*answer);
                 if (!made) return self->give_up(made.error());
                 const device_options& o = self->device_->options();
                 auto there = on_device_host(made->address, o.address, o.follow_foreign_host);
                 if (!there) return self->give_up(there.error());
                 const auto life = made->life.count() > 0 ? made->life : self->timing_.life;
                 self->subscription_ = std::move(*made);
                 self->subscription_.address = *there;
                 self->renew_at_ = clock::now() + life * 2 / 3;
                 self->pull();
               });
}

device::manner event_pump::in_subscription(const request& what) const {
  device::manner how;
  how.headers = fmt::format(
      "<a:Action s:mustUnderstand=\"1\">{}</a:Action>"
      "<a:To s:mustUnderstand=\"1\">{}</a:To>{}",
      escaped(what.action), escaped(subscription_.address), subscription_.reference_headers);
  return how;
}

void event_pump::pull() {
  if (is_stopped()) return;
  const auto now = clock::now();
  if (now >= renew_at_) return renew_subscription();
  // Never across the moment to renew: the subscription could end under the poll.
  const auto until_renewal = std::chrono::ceil<std::chrono::milliseconds>(renew_at_ - now);
  const auto wait = std::clamp(device_->via().has_waiting_polls() ? timing_.hurried : timing_.wait,
                               std::chrono::milliseconds{1},
                               std::max(until_renewal, std::chrono::milliseconds{1000}));
  const request what = pull_messages(wait, messages_per_pull);
  auto how = in_subscription(what);
  how.is_poll = true;
  how.timeout = wait + pull_margin;
  device_->ask(subscription_.address, what, how,
               [self = shared_from_this(), asked = now](outcome<message> answer) {
                 if (!answer) return self->give_up(answer.error());
                 self->failures_ = 0;
                 const bool brought_something = self->take(*answer);
                 const auto pause = pause_after_poll(
                     brought_something,
                     std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - asked));
                 if (pause.count() == 0) return self->pull();
                 self->device_->via().after(pause, [self] { self->pull(); });
               });
}

void event_pump::renew_subscription() {
  const request what = renew(timing_.life);
  device_->ask(subscription_.address, what, in_subscription(what),
               [self = shared_from_this()](outcome<message> answer) {
                 if (!answer) return self->give_up(answer.error());
                 self->renew_at_ = clock::now() + self->timing_.life * 2 / 3;
                 self->pull();
               });
}

bool event_pump::take(const message& answer) {
  const std::int64_t clock_offset_us = device_->clock_offset_us();
  const std::lock_guard hold{mutex_};
  if (stopped_) return true;
  const bool brought_something = static_cast<bool>(child(answer.content(), "NotificationMessage"));
  const auto facts = read_notifications(answer, device_->options().handle,
                                        {now_utc_us(), clock_offset_us}, dropped_);
  for (const vigie_device_event_t& fact : facts) sinks_.emit(fact);
  // How many, never what: at most a line a minute.
  const auto all = [](const drop_counts& c) { return c.personal + c.gated + c.unlisted; };
  if (all(dropped_) == all(told_drops_) || clock::now() < tell_drops_at_) return brought_something;
  sinks_.log(
      dropped_.personal != told_drops_.personal,
      fmt::format("{}: {} notifications with persons' attributes, {} that need a legal basis "
                  "and {} others were dropped",
                  device_->options().id, dropped_.personal, dropped_.gated, dropped_.unlisted));
  told_drops_ = dropped_;
  tell_drops_at_ = clock::now() + std::chrono::minutes{1};
  return brought_something;
}

void event_pump::give_up(const failure& why) {
  if (is_stopped() || why.code == VIGIE_E_STATE) return;
  subscription_ = {};
  const bool is_refusal = why.code == VIGIE_E_AUTH;
  // Its clock or its services may be other ones when it comes back.
  device_->forget();
  const double chance = std::uniform_real_distribution<>{}(random_);
  const auto delay = back_off(++failures_, is_refusal, chance);
  if (failures_ == 1 || is_refusal)
    sinks_.log(true, fmt::format("{}: no events: {}", device_->options().id, why.text));
  device_->via().after(delay, [self = shared_from_this()] { self->begin(); });
}

}  // namespace vigie::onvif

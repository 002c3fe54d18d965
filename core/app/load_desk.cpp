// SPDX-License-Identifier: Apache-2.0
#include "app/load_desk.hpp"

#include "base/log.hpp"

namespace vigie::app {
namespace {

tl::unexpected<error> resting(std::string_view what) {
  return fail(errc::internal, std::string{what} +
                                  " rest while the node is overloaded, so that recording and "
                                  "alarms go on; try again in a minute");
}

}  // namespace

void load_desk::pulse(const domain::load_signs& load, std::size_t open_live_views, mono_ns now) {
  open_live_views_ = open_live_views;
  std::size_t before = 0, after = 0;
  {
    std::lock_guard lock{mutex_};
    before = state_.count;
    state_ = domain::step(state_, load, now);
    after = state_.count;
  }
  if (after > before)
    log::warn(
        "overload (disk queue {:.0f} %, ingest delay {:.0f} %, camera memory {:.0f} %): {} "
        "of {} services are shed, up to {}",
        load.writer_queue * 100, load.ingest_delay * 100, load.camera_memory * 100, after,
        domain::shedding_order.size(), domain::name_of(domain::shedding_order[after - 1]));
  if (after < before)
    log::info("load is falling: {} is back", domain::name_of(domain::shedding_order[after]));
}

domain::shedding load_desk::now() const {
  std::lock_guard lock{mutex_};
  return state_;
}

result<void> load_desk::admit_live_view() {
  if (domain::admits_live_view(now(), open_live_views_)) return {};
  ++refused_live_views_;
  return resting("further live views");
}

result<void> load_desk::admit_replay() {
  if (!now().sheds(domain::sheddable::replay)) return {};
  ++refused_replays_;
  return resting("recorded images");
}

}  // namespace vigie::app
